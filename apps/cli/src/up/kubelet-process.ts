import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, sleep } from '@binnacle/machinery-context';
import { allowedEnvironment } from '../environment.js';
import { CONTROL_PLANE_NODE, type DataDir } from '../data-dir/layout.js';
import { kubeletPid } from '../data-dir/pid-file.js';
import { noteProcess } from '../data-dir/process-identity.js';
import type { Prefix } from '@binnacle/process-lifecycle';
import { lastWords, withMend } from './component-failure.js';
import { StartError } from '../terminal/start-error.js';

/** `apps/`, seen from `apps/cli/dist/up/`. */
export const programs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export interface KubeletOptions {
  readonly dir: DataDir;
  readonly port?: number;
  readonly verbose?: boolean;
  /** More flags. */
  readonly flags?: readonly string[];
  /** Put before it; nothing if undefined. */
  readonly confinement?: Prefix;
}

const LAST_LINES = 5;
const POLL_MILLISECONDS = 20;
const RESTART_MILLISECONDS = 1000;
/** A kubelet that ends this often within the window will not get better by being started again. */
const MOST_ENDS = 5;
const WINDOW_MILLISECONDS = 60_000;

async function spawnError(child: ChildProcess): Promise<StartError> {
  const [error] = (await once(child, 'error')) as [Error];
  return new StartError(`the kubelet cannot be started: ${withMend(error.message)}`);
}

async function spawnKubelet(options: KubeletOptions, logFile: string, ...more: string[]): Promise<ChildProcess> {
  const log = openSync(logFile, 'a');
  const output = options.verbose ? 'inherit' : log;
  // Its own process group: Ctrl-C reaches `up` alone, which then stops the kubelet in order.
  const [program = '', ...args] = [...(options.confinement ?? []), process.execPath, ...commandLine(options), ...more];
  const child = spawn(program, args, {
    detached: true,
    env: allowedEnvironment(),
    stdio: ['ignore', output, output],
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw await spawnError(child);
  noteProcess(options.dir.kubeletPidFile, pid);
  return child;
}

const logFileOf = ({ dir }: KubeletOptions) => join(dir.logs, 'kubelet.log');

/** Stops in order what a kubelet left that ended before it could. */
export async function stopLeftovers(options: KubeletOptions): Promise<void> {
  const child = await spawnKubelet(options, logFileOf(options), '--only-stop-pods');
  if (child.exitCode === null) await once(child, 'exit');
}

/** Ends the kubelet of an `up` that was killed, at once: what it runs goes on and is adopted by the next one. */
export async function endAbandonedKubelet(ctx: Context, dir: DataDir): Promise<void> {
  const pid = kubeletPid(dir);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  while (kubeletPid(dir) !== undefined) await sleep(ctx, POLL_MILLISECONDS);
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The one program `binnacle up` starts itself: the kubelet that runs everything else as static Pods. */
export class KubeletProcess {
  private constructor(
    private readonly options: KubeletOptions,
    private readonly logFile: string,
    private child: ChildProcess,
  ) {}

  static async start(options: KubeletOptions): Promise<KubeletProcess> {
    const logFile = logFileOf(options);
    return new KubeletProcess(options, logFile, await spawnKubelet(options, logFile));
  }

  /**
   * Starts it again whenever it ends, until the context aborts; what it ran goes on meanwhile and is adopted by the next
   * one. Rejects when it does not stay up.
   */
  async supervise(ctx: Context): Promise<void> {
    let ends: number[] = [];
    for (;;) {
      await Promise.race([this.exited(), aborted(ctx.signal)]);
      if (ctx.signal.aborted) return;
      const now = ctx.clock.now();
      ends = [...ends.filter((time) => now - time < WINDOW_MILLISECONDS), now];
      if (ends.length > MOST_ENDS) throw new StartError(`the kubelet does not stay up: ${this.lastWords()}`);
      await sleep(ctx, RESTART_MILLISECONDS).catch(() => undefined);
      if (!ctx.signal.aborted) this.child = await spawnKubelet(this.options, this.logFile);
    }
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves when it has exited, at once if it already has. */
  async exited(): Promise<void> {
    if (!this.hasExited) await once(this.child, 'exit');
  }

  /** Asks it to stop every static Pod in order, then itself; where it cannot, another one does. */
  async stop(): Promise<void> {
    if (!this.hasExited) this.child.kill('SIGTERM');
    await this.exited();
    if (this.child.exitCode !== 0) await stopLeftovers(this.options);
    rmSync(this.options.dir.kubeletPidFile, { force: true });
  }

  /** What it told last, in one sentence with the mend where that is known. */
  lastWords(): string {
    const log = readFileSync(this.logFile, 'utf8').trimEnd();
    return withMend(lastWords(log) ?? log.split('\n').slice(-LAST_LINES).join('\n'));
  }
}

function commandLine({ dir, port, flags = [] }: KubeletOptions): string[] {
  return [
    '--max-old-space-size=512',
    join(programs, 'kubelet', 'dist', 'main.js'),
    '--runtime=process',
    `--node-name=${CONTROL_PLANE_NODE}`,
    `--kubeconfig=${join(dir.kubeconfigs, 'kubelet.conf')}`,
    `--root-dir=${dir.kubelet}`,
    `--pod-logs-dir=${join(dir.logs, 'pods')}`,
    `--pod-manifest-path=${dir.manifests}`,
    `--cert-file=${join(dir.pki, 'kubelet.crt')}`,
    `--key-file=${join(dir.pki, 'kubelet.key')}`,
    `--client-ca-file=${join(dir.pki, 'ca.crt')}`,
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...flags,
    '--stop-pods-on-exit',
  ];
}
