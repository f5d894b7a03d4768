import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds and has used, as the kernel counts it. */
export interface ProcessUsage {
  readonly pid: number;
  readonly command: string;
  /** Resident bytes, shared pages counted in full. */
  readonly rss: number;
  /** Resident bytes, shared pages divided among those that share them: these add up. */
  readonly pss: number;
  /** User and system time, seconds. */
  readonly cpuSeconds: number;
}

const TICKS_A_SECOND = 100;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The fields of /proc/<pid>/stat after the command, the first being the state. */
function statFields(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A process and everything it started that is still below it. */
export function processTree(root: number): number[] {
  const parents = new Map(allProcesses().map((pid) => [pid, Number(statFields(pid)[1])]));
  const tree = [root];
  for (const parent of tree) for (const [pid, ppid] of parents) if (ppid === parent) tree.push(pid);
  return tree;
}

function kilobytes(rollup: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) * 1024;
}

export function usageOf(pid: number): ProcessUsage {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const fields = statFields(pid);
  return {
    pid,
    command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(),
    rss: kilobytes(rollup, 'Rss'),
    pss: kilobytes(rollup, 'Pss'),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
  };
}
