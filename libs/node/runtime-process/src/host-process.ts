import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Context } from '@binnacle/machinery-context';
import { isAlive, type ProcessIdentity, startTimeOf } from './process-identity.js';

export interface ProcessSpec {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
}

export interface ProcessExit {
  readonly exitCode: number;
  readonly reason: string;
}

/** How often a process that an earlier run made is looked at: only its parent is told when it ends. */
const ADOPTED_POLL_MILLISECONDS = 1000;
const LOST_EXIT: ProcessExit = { exitCode: 255, reason: 'Unknown' };

const signalNumber = (signal: NodeJS.Signals): number => constants.signals[signal];

function exitOf(code: number | null, signal: NodeJS.Signals | null): ProcessExit {
  const exitCode = code ?? 128 + (signal ? signalNumber(signal) : 0);
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
}

export function spawnOptions(spec: ProcessSpec) {
  return {
    cwd: spec.workingDir ?? '/',
    env: { ...spec.env },
    ...(spec.runAsUser !== undefined && { uid: spec.runAsUser }),
    ...(spec.runAsGroup !== undefined && { gid: spec.runAsGroup }),
  };
}

/** A process of this machine in its own session and process group, so that a terminal's Ctrl-C does not reach it. */
export class HostProcess {
  private constructor(
    readonly identity: ProcessIdentity,
    readonly exited: Promise<ProcessExit>,
  ) {}

  /** Rejects when the program cannot be run. */
  static async spawn(spec: ProcessSpec, stdout: number, stderr: number): Promise<HostProcess> {
    const [program = '', ...args] = spec.command;
    const child = spawn(program, args, { ...spawnOptions(spec), detached: true, stdio: ['ignore', stdout, stderr] });
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => resolve(exitOf(code, signal)));
    });
    const { pid } = child;
    if (pid === undefined) throw await spawnError(child);
    // A process may be gone already; its exit is told all the same.
    return new HostProcess({ pid, startTime: startTimeOf(pid) ?? 'ended' }, exited);
  }

  /** Takes over a process that an earlier run made. */
  static adopt(ctx: Context, identity: ProcessIdentity): HostProcess {
    const exited = new Promise<ProcessExit>((resolve) => {
      const look = () => {
        if (!isAlive(identity)) return resolve(LOST_EXIT);
        if (!ctx.signal.aborted) ctx.clock.after(ADOPTED_POLL_MILLISECONDS, look);
      };
      look();
    });
    return new HostProcess(identity, exited);
  }

  /** Asks the process itself, not its group: programs such as Postgres stop their own children in order. */
  signal(signal: NodeJS.Signals): void {
    if (isAlive(this.identity)) send(this.identity.pid, signal);
  }

  /** Ends every process of the group that is still there. */
  killGroup(): void {
    send(-this.identity.pid, 'SIGKILL');
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // Gone, or a group of which only others' processes are left.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function spawnError(child: ChildProcess): Promise<Error> {
  return new Promise((resolve) => void child.once('error', resolve));
}
