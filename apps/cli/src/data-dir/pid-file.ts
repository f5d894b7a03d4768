import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from './layout.js';
import { isCommandRunning, notedProcess, noteProcess } from './process-identity.js';

/** The process id of the `binnacle up` that runs on this directory, if one does. */
export const runningPid = (dir: DataDir): number | undefined => notedProcess(dir.pidFile);

/** The process id of the kubelet that `binnacle up` started, which outlives an `up` that was killed. */
export const kubeletPid = (dir: DataDir): number | undefined => notedProcess(dir.kubeletPidFile);

/** Whoever stops the cluster when asked to: `up`, or its kubelet where `up` itself was killed. */
export const stoppablePid = (dir: DataDir): number | undefined => runningPid(dir) ?? kubeletPid(dir);

/** Whether the embedded Postgres of this directory runs, whoever looks after it. */
export const postgresRuns = (dir: DataDir): boolean => isCommandRunning(`-D ${dir.postgres}/`) ?? false;

/**
 * What an `up` that was killed has left running. `uncertain` where the last run did not stop by itself and nothing tells what
 * became of its processes.
 */
export function leftBehind(dir: DataDir): 'nothing' | 'processes' | 'uncertain' {
  if (kubeletPid(dir) !== undefined) return 'processes';
  // Not all of the directory's files: somebody's kubectl may name the administrator's kubeconfig.
  const running = isCommandRunning(`${dir.kubeconfigs}/kube`, `${dir.pki}/apiserver.crt`, `-D ${dir.postgres}/`);
  if (running === undefined) return existsSync(dir.pidFile) ? 'uncertain' : 'nothing';
  return running ? 'processes' : 'nothing';
}

/** Refuses a directory that another `up` has. */
export function requireFreeDataDir(dir: DataDir): void {
  const other = runningPid(dir);
  if (other === undefined) return;
  throw new ConfigError(
    `Binnacle already runs on ${dir.root} (pid ${other}); stop it with "binnacle down --data-dir ${dir.root}", or choose another --data-dir`,
  );
}

/** Moves away the note of a process that has gone; where another start was quicker, its note is put back. */
function clearStale(dir: DataDir, aside: string): void {
  renameSync(dir.pidFile, aside);
  const taken = notedProcess(aside) !== undefined;
  if (taken) linkSync(aside, dir.pidFile);
  rmSync(aside);
}

/** Puts the file there if none is: of several starts at one moment one succeeds. */
function placeNote(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the directory for this process, or says who has it. Answers how to give it back. */
export function takeDataDir(dir: DataDir): () => void {
  const draft = `${dir.pidFile}.${process.pid}`;
  noteProcess(draft, process.pid);
  try {
    while (!placeNote(draft, dir.pidFile)) {
      requireFreeDataDir(dir);
      clearStale(dir, `${draft}.stale`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (runningPid(dir) === process.pid) rmSync(dir.pidFile, { force: true });
  };
}
