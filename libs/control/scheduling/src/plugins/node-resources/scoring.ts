import type { NodeTable } from '../../cache/node-table.js';
import type { ResourceSpec, ScoringStrategy, UtilizationShapePoint } from '../../configuration/types.js';
import { MAX_NODE_SCORE } from '../../framework/plugin.js';
import type { PodInfo } from '../../pod/pod-info.js';

/** One resource of all nodes, as a strategy looks at it. */
export interface Dimension {
  readonly weight: number;
  /** What the Pod would add. */
  readonly wanted: number;
  readonly allocatable: Float64Array;
  readonly used: Float64Array;
}

/** Of how much there would be asked, and how much there is; 0 to 100. */
type Judgement = (requested: number, allocatable: number) => number;

export interface Strategy {
  readonly judge: Judgement;
  /** What scores nothing does not count either. */
  readonly positiveOnly: boolean;
}

const least: Judgement = (requested, allocatable) =>
  requested > allocatable ? 0 : Math.floor(((allocatable - requested) * MAX_NODE_SCORE) / allocatable);

const most: Judgement = (requested, allocatable) =>
  Math.floor((Math.min(requested, allocatable) * MAX_NODE_SCORE) / allocatable);

/** Scores of a shape go to 10. */
const SHAPE_SCALE = MAX_NODE_SCORE / 10;

/** The value of a line through these points. Behaves as kubernetes plugins/helper BuildBrokenLinearFunction. */
function brokenLine(shape: readonly UtilizationShapePoint[]): (utilization: number) => number {
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * SHAPE_SCALE }));
  const last = points.at(-1)?.score ?? 0;
  return (utilization) => {
    const at = points.findIndex((point) => utilization <= point.utilization);
    const [after, before] = [points[at], points[at - 1]];
    if (!after) return last;
    if (!before) return after.score;
    const rise = (after.score - before.score) * (utilization - before.utilization);
    return before.score + Math.trunc(rise / (after.utilization - before.utilization));
  };
}

function byRatio(shape: readonly UtilizationShapePoint[]): Judgement {
  const line = brokenLine(shape);
  return (requested, allocatable) => line(requested > allocatable ? 100 : Math.floor((requested * 100) / allocatable));
}

/** Behaves as kubernetes pkg/scheduler/framework/plugins/noderesources, by the strategy's name. */
export function strategyOf({ type, requestedToCapacityRatio }: ScoringStrategy): Strategy {
  if (type === 'MostAllocated') return { judge: most, positiveOnly: false };
  if (type !== 'RequestedToCapacityRatio') return { judge: least, positiveOnly: false };
  return { judge: byRatio(requestedToCapacityRatio?.shape ?? []), positiveOnly: true };
}

const NATIVE = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Cpu and memory count with what a container uses that asks for none. */
function usedOf(name: string, nodes: NodeTable): Float64Array {
  if (name === 'cpu') return nodes.weightedCpu.array;
  return name === 'memory' ? nodes.weightedMemory.array : nodes.resource(name).requested.array;
}

/** The resources that count for this Pod: others than the usual ones only where it asks for them. */
export function dimensionsOf(
  { weights }: PodInfo,
  nodes: NodeTable,
  resources: readonly ResourceSpec[],
): readonly Dimension[] {
  return resources.flatMap(({ name, weight }) => {
    const wanted = weights.get(name) ?? 0;
    if (wanted === 0 && !NATIVE.has(name)) return [];
    return [{ weight, wanted, allocatable: nodes.resource(name).allocatable.array, used: usedOf(name, nodes) }];
  });
}

/** The mean over the resources that a node has, by their weights. */
export function scoreOf(row: number, dimensions: readonly Dimension[], { judge, positiveOnly }: Strategy): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < dimensions.length; i += 1) {
    const { weight, wanted, allocatable, used } = dimensions[i] as Dimension;
    const all = allocatable[row] as number;
    if (all === 0) continue;
    const score = judge((used[row] as number) + wanted, all);
    if (positiveOnly && score <= 0) continue;
    sum += score * weight;
    weights += weight;
  }
  if (weights === 0) return 0;
  return positiveOnly ? Math.round(sum / weights) : Math.floor(sum / weights);
}
