import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number: when it started tells them apart. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

export interface ProcessSample {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly state: string;
  /** User and system time in clock ticks, of which Linux has 100 a second. */
  readonly ticks: number;
  readonly startTime: string;
  readonly residentPages: number;
}

/** Reads one `/proc/<pid>/stat`. The command's name may hold anything, so fields are counted from its last `)`. */
export function parseProcStat(text: string): ProcessSample | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const number = (index: number) => Number(fields[index]);
  const startTime = fields[19];
  if (!startTime || Number.isNaN(number(1))) return undefined;
  return {
    pid: Number(text.slice(0, open)),
    parent: number(1),
    group: number(2),
    state: fields[0] ?? '',
    ticks: number(11) + number(12),
    startTime,
    residentPages: number(21),
  };
}

export function sampleProcess(pid: number): ProcessSample | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

export function sampleProcesses(): ProcessSample[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => sampleProcess(Number(name)) ?? []);
  } catch {
    return [];
  }
}

/** When a live process started, in whatever form the system tells it; undefined when there is none, or only a zombie. */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const sample = sampleProcess(pid);
    return sample && sample.state !== 'Z' && sample.state !== 'X' ? sample.startTime : undefined;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return startTimeOf(pid) === startTime;
}

/** Finds a process by a variable in its environment. Linux only: elsewhere it finds none. */
export function findByEnvironment(variable: string): ProcessIdentity | undefined {
  for (const { pid, parent, startTime } of sampleProcesses()) {
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(variable);
      const parentIsOurs = isOurs && readFileSync(`/proc/${parent}/environ`, 'latin1').split('\0').includes(variable);
      if (isOurs && !parentIsOurs) return { pid, startTime };
    } catch {
      // Gone meanwhile, or another user's.
    }
  }
  return undefined;
}
