import { type BestNodes, LONGEST, MOST_TOLD, type RefusedNodes } from '@binnacle/apis-kubernetes/decisions/record';
import type { Findings } from './attempt.js';
import type { NodeNames } from './node-names.js';
import { toldNumber, toldText } from './told.js';

interface Counted {
  readonly plugin: string;
  readonly reason: string;
  readonly unresolvable: boolean;
  readonly examples: string[];
  nodes: number;
}

type Rejection = Findings['filtered']['rejections'] extends ReadonlyMap<number, infer One> ? One : never;

/** Counts of reasons; those of a list that was seen before are found by the list itself, which plugins share among nodes. */
class Reasons {
  readonly counted = new Map<string, Counted>();
  private readonly known = new Map<readonly string[], readonly Counted[]>();
  private last: { readonly reasons: readonly string[]; readonly counts: readonly Counted[] } | undefined;

  add(rejection: Rejection, row: number, names: NodeNames): void {
    for (const one of this.countsOf(rejection)) {
      one.nodes += 1;
      if (one.examples.length < MOST_TOLD.examples) one.examples.push(names.of(row));
    }
  }

  private countsOf(rejection: Rejection): readonly Counted[] {
    const { reasons } = rejection;
    if (this.last?.reasons === reasons) return this.last.counts;
    const counts = this.known.get(reasons) ?? reasons.map((reason) => this.find(rejection, reason));
    // Lists that are not shared are forgotten.
    if (this.known.size < MOST_TOLD.refused) this.known.set(reasons, counts);
    this.last = { reasons, counts };
    return counts;
  }

  private find({ plugin, unresolvable }: Rejection, reason: string): Counted {
    const key = `${plugin}\n${reason}`;
    let one = this.counted.get(key);
    if (!one) {
      const words = { plugin: toldText(plugin, LONGEST.word), reason: toldText(reason, LONGEST.sentence) };
      one = { ...words, unresolvable, examples: [], nodes: 0 };
      this.counted.set(key, one);
    }
    return one;
  }
}

export interface RefusedSummary {
  readonly refused: readonly RefusedNodes[];
  readonly moreRefused?: number;
}

/** How many nodes refused for which reason, the most first. */
export function summarizeRefused({ filtered: { rejections } }: Findings, names: NodeNames): RefusedSummary {
  const reasons = new Reasons();
  for (const [row, rejection] of rejections) reasons.add(rejection, row, names);
  const all = [...reasons.counted.values()].sort((a, b) => b.nodes - a.nodes || (a.reason < b.reason ? -1 : 1));
  const refused = all
    .slice(0, MOST_TOLD.refused)
    .map(({ unresolvable, ...rest }) => ({ ...rest, ...(unresolvable && { unresolvable }) }));
  const more = all.length - refused.length;
  return { refused, ...(more > 0 && { moreRefused: more }) };
}

/** Places of the highest, the best first; of equals those that come first. */
function highest(totals: Float64Array, most: number): number[] {
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < totals.length; place += 1) {
    const total = totals[place] as number;
    if (best.length === most && total <= least) continue;
    let at = best.length;
    while (at > 0 && (totals[best[at - 1] as number] as number) < total) at -= 1;
    best.splice(at, 0, place);
    if (best.length > most) best.pop();
    least = totals[best.at(-1) as number] as number;
  }
  return best;
}

/** The best nodes with what each plugin thought of them; the chosen one among them, which may be one of many equals. */
export function summarizeBest(findings: Findings, names: NodeNames, chosen: string | undefined): BestNodes | undefined {
  const { filtered, scored } = findings;
  if (!scored) return undefined;
  const { totals } = scored;
  const plugins = scored.plugins.slice(0, MOST_TOLD.plugins);
  const nameAt = (place: number) => names.of(filtered.candidates[place] ?? -1);
  const places = highest(totals, MOST_TOLD.best);
  if (chosen !== undefined && !places.some((place) => nameAt(place) === chosen)) {
    const place = filtered.candidates.findIndex((row) => names.of(row) === chosen);
    if (place >= 0) places.splice(0, places.length, ...[place, ...places].slice(0, MOST_TOLD.best));
  }
  const nodes = places.map((place) => ({
    node: nameAt(place),
    total: toldNumber(totals[place]),
    raw: plugins.map(({ raw }) => toldNumber(raw[place])),
    scores: plugins.map(({ scores }) => toldNumber(scores[place])),
  }));
  return { plugins: plugins.map(({ plugin, weight }) => ({ plugin: toldText(plugin, LONGEST.word), weight })), nodes };
}
