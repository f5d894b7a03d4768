import {
  encodeDetail,
  LONGEST_REASON,
  MOST_PLUGINS,
  MOST_REASONS,
  MOST_REFUSALS,
  type Refusal,
  REFUSES,
  TAKES,
  UNSEEN,
} from '@binnacle/apis-kubernetes/decisions/codec';
import type { Findings } from './attempt.js';
import type { NodeNames } from './node-names.js';
import { toldText } from './told.js';

/** Of reasons that are too many to be told apart. */
const OTHERS: Refusal = { plugin: '', reasons: ['other reasons'], unresolvable: false };

/** The different things that nodes had against a Pod, each with its place. */
class Refusals {
  readonly all: Refusal[] = [];
  private readonly byWords = new Map<string, number>();
  private readonly byReasons = new Map<readonly string[], number>();

  placeOf({ plugin, reasons, unresolvable }: Refusal): number {
    const known = this.byReasons.get(reasons);
    if (known !== undefined && this.all[known]?.plugin === plugin) return known;
    const words = [plugin, ...reasons].join('\n');
    const place = this.byWords.get(words) ?? this.add(words, { plugin, reasons, unresolvable });
    this.byReasons.set(reasons, place);
    return place;
  }

  private add(words: string, { plugin, reasons, unresolvable }: Refusal): number {
    const isLast = this.all.length === MOST_REFUSALS - 1;
    if (this.all.length === MOST_REFUSALS) return MOST_REFUSALS - 1;
    // A character takes four bytes at the most.
    const told = reasons.slice(0, MOST_REASONS).map((reason) => toldText(reason, LONGEST_REASON / 4));
    this.all.push(isLast ? OTHERS : { plugin: toldText(plugin, LONGEST_REASON / 4), reasons: told, unresolvable });
    this.byWords.set(words, this.all.length - 1);
    return this.all.length - 1;
  }
}

/** What each node said as a number. Candidates and rows are in the same order. */
function verdictsOf(
  { candidates, rejections }: Findings['filtered'],
  rows: readonly number[],
  refused: (rejection: Refusal) => number,
): Uint16Array {
  const verdicts = new Uint16Array(rows.length);
  let next = 0;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] as number;
    while (next < candidates.length && (candidates[next] as number) < row) next += 1;
    const rejection = rejections.get(row);
    if (rejection) verdicts[place] = refused(rejection);
    else verdicts[place] = candidates[next] === row ? TAKES : UNSEEN;
  }
  return verdicts;
}

/** What each node said, in the bytes that are kept of it, not yet deflated. */
export function detailOf({ filtered, scored }: Findings, names: NodeNames): Uint8Array {
  const refusals = new Refusals();
  const verdicts = verdictsOf(filtered, names.rows, (rejection) => REFUSES + refusals.placeOf(rejection));
  const columns = (scored?.plugins ?? [])
    .slice(0, MOST_PLUGINS)
    .map((column) => ({ ...column, plugin: toldText(column.plugin, LONGEST_REASON / 4) }));
  return encodeDetail(names.encoded, { refusals: refusals.all, verdicts, columns });
}
