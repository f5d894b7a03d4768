import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from './layout.js';

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

function readRunning(file: string): number | undefined {
  try {
    const identity = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isAlive(identity) ? identity.pid : undefined;
  } catch {
    return undefined;
  }
}

/** The process id of the `binnacle up` that runs on this directory, if one does. */
export const runningPid = (dir: DataDir): number | undefined => readRunning(dir.pidFile);

/** The process id of the control plane's kubelet, which outlives an `up` that was killed. */
export const kubeletPid = (dir: DataDir): number | undefined => readRunning(dir.kubeletPidFile);

/** Whoever stops the cluster when asked to: `up`, or its kubelet where `up` itself was killed. */
export const stoppablePid = (dir: DataDir): number | undefined => runningPid(dir) ?? kubeletPid(dir);

function writeIdentity(file: string, pid: number, flag: 'w' | 'wx'): void {
  const identity: ProcessIdentity = { pid, started: startTime(pid) };
  writeFileSync(file, JSON.stringify(identity), { flag });
}

export function noteKubelet(dir: DataDir, pid: number): void {
  writeIdentity(dir.kubeletPidFile, pid, 'w');
}

/** Throws where another `up` has the directory. */
export function requireNotRunning(dir: DataDir): void {
  const other = runningPid(dir);
  if (other === undefined) return;
  throw new ConfigError(
    `Binnacle already runs on ${dir.root} (pid ${other}); stop it with "binnacle down --data-dir ${dir.root}", or choose another --data-dir`,
  );
}

/** Takes the directory for this process, or says who has it. Answers how to give it back. */
export function takeDataDir(dir: DataDir): () => void {
  requireNotRunning(dir);
  rmSync(dir.pidFile, { force: true });
  writeIdentity(dir.pidFile, process.pid, 'wx');
  return () => rmSync(dir.pidFile, { force: true });
}
