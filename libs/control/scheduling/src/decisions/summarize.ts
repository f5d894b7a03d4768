import { type BestNodes, LONGEST, MOST_TOLD, type RefusedNodes } from '@binnacle/apis-kubernetes/decisions/record';
import type { NodeRejection } from '../framework/rejection.js';
import type { RejectionKind } from '../framework/rejections.js';
import type { Findings } from './attempt.js';
import type { NodeNames } from './node-names.js';
import { toldNumber, toldText } from './told.js';

interface Counted {
  readonly plugin: string;
  readonly reason: string;
  readonly unresolvable: boolean;
  /** Rows of the first of them. */
  rows: readonly number[];
  nodes: number;
}

/** Counts of reasons: different nodes may be full of different things and have some of them in common. */
class Reasons {
  private readonly counted = new Map<string, Counted>();
  private readonly known = new Map<readonly string[], readonly Counted[]>();

  add({ rejection, nodes, first }: RejectionKind): void {
    for (const one of this.countsOf(rejection)) {
      one.nodes += nodes;
      if (one.rows.length === 0) one.rows = first;
      else if (isLower(first, one.rows)) one.rows = lowest([...one.rows, ...first]);
    }
  }

  all(): Counted[] {
    return [...this.counted.values()].sort((a, b) => b.nodes - a.nodes || (a.reason < b.reason ? -1 : 1));
  }

  private countsOf(rejection: NodeRejection): readonly Counted[] {
    const { reasons } = rejection;
    const known = this.known.get(reasons);
    if (known?.every(({ plugin }) => plugin === rejection.plugin)) return known;
    const counts = [...new Set(reasons)].map((reason) => this.find(rejection, reason));
    // Lists that are not shared are forgotten.
    if (this.known.size < MOST_TOLD.refused) this.known.set(reasons, counts);
    return counts;
  }

  private find({ plugin, unresolvable }: NodeRejection, reason: string): Counted {
    const key = `${plugin}\n${reason}`;
    let one = this.counted.get(key);
    if (!one) {
      const words = { plugin: toldText(plugin, LONGEST.word), reason: toldText(reason, LONGEST.sentence) };
      one = { ...words, unresolvable, rows: [], nodes: 0 };
      this.counted.set(key, one);
    }
    return one;
  }
}

/** Whether any of these rows belongs to the first few. */
function isLower(rows: readonly number[], among: readonly number[]): boolean {
  return among.length < MOST_TOLD.examples || (rows[0] ?? Number.POSITIVE_INFINITY) < (among.at(-1) as number);
}

const lowest = (rows: readonly number[]): readonly number[] =>
  [...rows].sort((a, b) => a - b).slice(0, MOST_TOLD.examples);

export interface RefusedSummary {
  readonly refused: readonly RefusedNodes[];
  readonly moreRefused?: number;
}

/** How many nodes refused for which reason, the most first. */
export function summarizeRefused({ filtered: { rejections } }: Findings, names: NodeNames): RefusedSummary {
  const reasons = new Reasons();
  for (const kind of rejections.kinds) if (kind.nodes > 0) reasons.add(kind);
  const all = reasons.all();
  const refused = all.slice(0, MOST_TOLD.refused).map(({ plugin, reason, nodes, rows, unresolvable }) => {
    const examples = rows.map((row) => names.of(row));
    return { plugin, reason, nodes, examples, ...(unresolvable && { unresolvable }) };
  });
  const more = all.length - refused.length;
  return { refused, ...(more > 0 && { moreRefused: more }) };
}

/** Places of the highest, the best first; of equals those that come first. */
function highest(totals: Float64Array, most: number): number[] {
  const best: number[] = [];
  const rank = (place: number) => {
    let at = best.length;
    while (at > 0 && (totals[best[at - 1] as number] as number) < (totals[place] as number)) at -= 1;
    best.splice(at, 0, place);
  };
  const first = Math.min(most, totals.length);
  for (let place = 0; place < first; place += 1) rank(place);
  let least = totals[best.at(-1) ?? -1] ?? Number.NaN;
  for (let place = first; place < totals.length; place += 1) {
    if (!((totals[place] as number) > least)) continue;
    best.pop();
    rank(place);
    least = totals[best.at(-1) as number] as number;
  }
  return best;
}

/** The best nodes with what each plugin thought of them; the chosen one among them, which may be one of many equals. */
export function summarizeBest({ filtered, scored, chosen }: Findings, names: NodeNames): BestNodes | undefined {
  if (!scored) return undefined;
  const { totals } = scored;
  const plugins = scored.plugins.slice(0, MOST_TOLD.plugins);
  const nameAt = (place: number) => names.of(filtered.candidates[place] ?? -1);
  const places = highest(totals, MOST_TOLD.best);
  if (chosen !== undefined && !places.some((place) => filtered.candidates[place] === chosen)) {
    const place = filtered.candidates.indexOf(chosen);
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
