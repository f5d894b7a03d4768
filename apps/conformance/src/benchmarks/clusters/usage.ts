import { type ProcessUsage, processTree, usageOf } from '../../processes.js';

/** By program: what it holds (shared pages divided) and the processor time it has used so far. */
export type Usage = ReadonlyMap<string, { readonly bytes: number; readonly cpuSeconds: number }>;

/** The program a process runs, for a table a person reads. */
function programOf({ command }: ProcessUsage): string {
  if (command.startsWith('postgres') || command.includes('bin/postgres')) return 'postgres';
  if (command.includes('--runtime=sim')) return 'kubelet-sim';
  return /apps\/([a-z-]+)\//.exec(command)?.[1] ?? 'other';
}

export function usageByProgram(pid: number): Usage {
  const usage = new Map<string, { bytes: number; cpuSeconds: number }>();
  for (const one of processTree(pid).map(usageOf)) {
    const sum = usage.get(programOf(one)) ?? { bytes: 0, cpuSeconds: 0 };
    usage.set(programOf(one), { bytes: sum.bytes + one.pss, cpuSeconds: sum.cpuSeconds + one.cpuSeconds });
  }
  return usage;
}

/** Of one core, in percent. */
export function cpuPercent(before: Usage, after: Usage, seconds: number): Record<string, number> {
  return Object.fromEntries(
    [...after].map(([program, { cpuSeconds }]) => {
      const used = cpuSeconds - (before.get(program)?.cpuSeconds ?? 0);
      return [program, Number(((used / seconds) * 100).toFixed(1))];
    }),
  );
}

/** KiB more than before, for each of so many clusters. */
export function costOf(before: Usage, after: Usage, clusters: number): Record<string, number> {
  return Object.fromEntries(
    [...after].map(([program, { bytes }]) => {
      const more = bytes - (before.get(program)?.bytes ?? 0);
      return [program, Number((more / 1024 / clusters).toFixed(1))];
    }),
  );
}

export const sumOf = (values: Readonly<Record<string, number>>): number =>
  Number(
    Object.values(values)
      .reduce((sum, value) => sum + value, 0)
      .toFixed(1),
  );

export const megabytes = (usage: Usage): Record<string, number> =>
  Object.fromEntries([...usage].map(([program, { bytes }]) => [program, Math.round(bytes / 1024 ** 2)]));
