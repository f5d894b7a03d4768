import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** A process, told apart from a later one that was given the same number by when it started. */
interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** Start time in clock ticks since boot from /proc; empty where there is no /proc, and for a process that only waits to be reaped. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTime(pid) === started;
}

/** Notes in a file which process it is. */
export function noteProcess(file: string, pid: number): void {
  writeFileSync(file, JSON.stringify({ pid, started: startTime(pid) } satisfies ProcessIdentity));
}

/** The number of the process a file names, if it is still that process. */
export function notedProcess(file: string): number | undefined {
  try {
    const identity = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isAlive(identity) ? identity.pid : undefined;
  } catch {
    return undefined;
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Whether a process runs whose command line has one of the texts; undefined where there is no /proc to tell. */
export function isCommandRunning(...texts: readonly string[]): boolean | undefined {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(commandLine).some((command) => texts.some((text) => command.includes(text)));
  } catch {
    return undefined;
  }
}
