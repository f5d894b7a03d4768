import type { DecisionNodes } from '@binnacle/apis-kubernetes/decisions/v1';

/** What one node said. */
export interface NodeMark {
  readonly name: string;
  readonly verdict: 'takes' | 'refused' | 'unseen' | 'chosen';
  /** Sum of the weighted scores; absent where there was nothing to compare. */
  readonly total?: number;
  /** 0 for the lowest score there was to `STEPS - 1` for the highest. */
  readonly step?: number;
  readonly plugin?: string;
  readonly reasons?: readonly string[];
}

/** Shades of scores. */
export const STEPS = 5;

const NOT_SEEN = -2;

/** Of the nodes that could take the Pod, in their order. */
function totalsOf({ columns }: DecisionNodes): readonly number[] {
  const [first] = columns;
  if (!first) return [];
  return first.scores.map((_, at) => columns.reduce((sum, { weight, scores }) => sum + weight * (scores[at] ?? 0), 0));
}

function stepper(totals: readonly number[]): (total: number) => number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const total of totals) [least, most] = [Math.min(least, total), Math.max(most, total)];
  const range = most - least;
  return (total) => (range === 0 ? STEPS - 1 : Math.min(STEPS - 1, Math.floor(((total - least) / range) * STEPS)));
}

function refusedMark(name: string, refusal: DecisionNodes['refusals'][number] | undefined): NodeMark {
  return { name, verdict: 'refused', plugin: refusal?.plugin ?? '', reasons: refusal?.reasons ?? [] };
}

const names = new Intl.Collator('en', { numeric: true });

/** What each node said, by the names of the nodes, in which numbers count as such. */
export function nodeMarks(nodes: DecisionNodes, chosen: string | undefined): NodeMark[] {
  const totals = totalsOf(nodes);
  const stepOf = stepper(totals);
  let candidate = 0;
  const marks = nodes.names.map((name, at): NodeMark => {
    const verdict = nodes.verdicts[at] ?? NOT_SEEN;
    if (verdict === NOT_SEEN) return { name, verdict: 'unseen' };
    if (verdict >= 0) return refusedMark(name, nodes.refusals[verdict]);
    const total = totals[candidate];
    candidate += 1;
    const scored = total === undefined ? {} : { total, step: stepOf(total) };
    return { name, verdict: name === chosen ? 'chosen' : 'takes', ...scored };
  });
  return marks.sort((a, b) => names.compare(a.name, b.name));
}

/** Something a plugin said of some nodes. */
export interface ReasonKey {
  readonly plugin: string;
  readonly reason: string;
}

export const isSaidBy = ({ plugin, reasons = [] }: NodeMark, asked: ReasonKey): boolean =>
  plugin === asked.plugin && reasons.includes(asked.reason);
