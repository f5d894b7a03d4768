import type { KubeObject, Quantity } from '@binnacle/machinery-meta';

/** What was used over a time: the three lists have one entry for each step in which it was measured, the oldest first. */
export interface UsageSeries {
  /** Beginnings of the steps, in seconds since the epoch. */
  times: number[];
  /** Means, in billionths of a core. */
  usageNanoCores: number[];
  /** Means, in bytes. */
  workingSetBytes: number[];
  /** Of a workload: how many Pods there were of which that is the sum. */
  pods?: number[];
}

interface Measured extends KubeObject {
  /** How far back the series goes, such as `15m`. */
  window: string;
  /** How long each of its steps is, such as `60s`. */
  step: string;
  /** When it was measured last, RFC 3339. */
  timestamp: string;
  /** What is used now: `cpu` in nanocores, `memory` in kibibytes. Absent where it is not measured any more. */
  usage?: Readonly<Record<'cpu' | 'memory', Quantity>>;
  series: UsageSeries;
}

/** What a Node has used. Its name is the Node's. */
export type NodeUsage = Measured;

/** What a Pod has used. Its name is the Pod's. */
export type PodUsage = Measured;

/** What the Pods of a workload have used together, those among them that are gone. Its name is made by `workloadUsageName`. */
export interface WorkloadUsage extends Measured {
  workload: { apiVersion: string; kind: string; name: string };
  /** How many Pods use it now. */
  pods: number;
}

/** `deployment.web` */
export function workloadUsageName(kind: string, name: string): string {
  return `${kind.toLowerCase()}.${name}`;
}
