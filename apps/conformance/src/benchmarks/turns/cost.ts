import { processTree, usageOf } from '../../processes.js';

/** Processor time a process and all below it have used so far, seconds. */
export const cpuSeconds = (pid: number): number =>
  processTree(pid).reduce((sum, one) => sum + usageOf(one).cpuSeconds, 0);

export interface Measured<T> {
  readonly result: T;
  readonly seconds: number;
  /** Of each process by its name, seconds. */
  readonly cpu: Readonly<Record<string, number>>;
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Of each figure of turns that were alike; undefined where there were none. */
export function medians<T extends object>(turns: readonly T[]): T | undefined {
  const [first] = turns;
  if (!first) return undefined;
  const figures = Object.keys(first) as (keyof T)[];
  return Object.fromEntries(figures.map((figure) => [figure, median(turns.map((turn) => Number(turn[figure])))])) as T;
}

/** Runs `act` and tells how long it took, and what the processes used meanwhile. */
export async function measured<T>(pids: Readonly<Record<string, number>>, act: () => Promise<T>): Promise<Measured<T>> {
  const used = () => Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)] as const);
  const before = new Map(used());
  const begun = performance.now();
  const result = await act();
  const seconds = rounded((performance.now() - begun) / 1000);
  const cpu = Object.fromEntries(used().map(([name, now]) => [name, rounded(now - (before.get(name) ?? 0))]));
  return { result, seconds, cpu };
}
