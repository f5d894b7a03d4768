import { type BestNodes, LONGEST, MOST_TOLD, type RefusedNodes } from '@binnacle/apis-kubernetes/decisions/record';
import type { Findings } from './attempt.js';
import type { NodeNames } from './node-names.js';
import { toldNumber, toldText } from './told.js';

interface Counted {
  readonly plugin: string;
  readonly reason: string;
  readonly unresolvable: boolean;
  /** Where among the rejections the first of them stand. */
  readonly places: number[];
  nodes: number;
}

type Rejection = Findings['filtered']['rejections'] extends ReadonlyMap<number, infer One> ? One : never;

/** Plugins say the same of many nodes, mostly by the same texts. */
function saysTheSame(left: Rejection, right: Rejection): boolean {
  if (left === right) return true;
  const { reasons } = left;
  if (left.plugin !== right.plugin || reasons.length !== right.reasons.length) return false;
  for (let at = 0; at < reasons.length; at += 1) if (reasons[at] !== right.reasons[at]) return false;
  return true;
}

/** Counts of reasons. Nodes share what they said: what was seen before is found by itself, and the last without looking. */
class Reasons {
  readonly counted = new Map<string, Counted>();
  private readonly known = new Map<readonly string[], readonly Counted[]>();
  private last: Rejection | undefined;
  private counts: readonly Counted[] = [];

  /** `place` is how many came before. */
  add(rejection: Rejection, place: number): void {
    if (!this.last || !saysTheSame(rejection, this.last)) this.counts = this.countsOf(rejection);
    this.last = rejection;
    const { counts } = this;
    for (let at = 0; at < counts.length; at += 1) {
      const one = counts[at] as Counted;
      one.nodes += 1;
      if (one.nodes <= MOST_TOLD.examples) one.places.push(place);
    }
  }

  private countsOf(rejection: Rejection): readonly Counted[] {
    const { reasons } = rejection;
    const known = this.known.get(reasons);
    if (known?.every(({ plugin }) => plugin === rejection.plugin)) return known;
    const counts = [...new Set(reasons)].map((reason) => this.find(rejection, reason));
    // Lists that are not shared are forgotten.
    if (this.known.size < MOST_TOLD.refused) this.known.set(reasons, counts);
    return counts;
  }

  private find({ plugin, unresolvable }: Rejection, reason: string): Counted {
    const key = `${plugin}\n${reason}`;
    let one = this.counted.get(key);
    if (!one) {
      const words = { plugin: toldText(plugin, LONGEST.word), reason: toldText(reason, LONGEST.sentence) };
      one = { ...words, unresolvable, places: [], nodes: 0 };
      this.counted.set(key, one);
    }
    return one;
  }
}

/** The rows that stand at some places. */
function rowsAt(rejections: ReadonlyMap<number, unknown>, places: readonly number[]): ReadonlyMap<number, number> {
  const wanted = new Set(places);
  const rows = new Map<number, number>();
  let place = 0;
  for (const row of rejections.keys()) {
    if (rows.size === wanted.size) break;
    if (wanted.has(place)) rows.set(place, row);
    place += 1;
  }
  return rows;
}

export interface RefusedSummary {
  readonly refused: readonly RefusedNodes[];
  readonly moreRefused?: number;
}

/** How many nodes refused for which reason, the most first. */
export function summarizeRefused({ filtered: { rejections } }: Findings, names: NodeNames): RefusedSummary {
  const reasons = new Reasons();
  let place = 0;
  // Thousands of them, many times a second: whose they are is asked of a few afterwards.
  for (const rejection of rejections.values()) {
    reasons.add(rejection, place);
    place += 1;
  }
  const all = [...reasons.counted.values()].sort((a, b) => b.nodes - a.nodes || (a.reason < b.reason ? -1 : 1));
  const rows = rowsAt(
    rejections,
    all.flatMap(({ places }) => places),
  );
  const refused = all.slice(0, MOST_TOLD.refused).map(({ plugin, reason, nodes, places, unresolvable }) => {
    const examples = places.map((at) => names.of(rows.get(at) ?? -1));
    return { plugin, reason, nodes, examples, ...(unresolvable && { unresolvable }) };
  });
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
