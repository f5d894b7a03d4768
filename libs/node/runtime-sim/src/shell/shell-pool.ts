import { type CancelTimer, type Clock } from '@binnacle/machinery-context';
import { type ContainerStreams, type ExecResult, ExecTimeoutError } from '@binnacle/node-cri';
import { plainCommand, plainSteps } from '../programs/commands.js';
import { scriptOf } from './shells.js';
import type { Process, Program, RunningProgram } from '../programs/program.js';
import type { ScriptEnd, ShellStyle } from './protocol.js';
import { inputOf, readsInput } from './input.js';
import { interactiveStyle } from './interactive-style.js';
import type { Shell } from './shell.js';
import { type RunPlace, ShellThread } from './shell-thread.js';
import { consoleOf } from '../terminal/console-of.js';
import type { RunConsole } from '../terminal/run-console.js';

/** Each thread takes some 20 MB; beyond so many, containers share them. */
const MOST_THREADS = 8;
/** A script that does not let go within so long is in a loop that only the end of its thread ends. */
const ABORT_MILLISECONDS = 500;
/** A thread in which nothing runs is kept so long. */
const IDLE_MILLISECONDS = 15_000;

/** By which the kubelet tells a runtime where a container leaves its last words. */
const MESSAGE_PATH_ANNOTATION = 'io.kubernetes.container.terminationMessagePath';

const bytes = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');

const resultOf = ({ exitCode, stdout, stderr }: ScriptEnd): ExecResult => ({
  exitCode,
  stdout: bytes(stdout),
  stderr: bytes(stderr),
});

/** Of a run nobody listens to until it has ended. */
const NOWHERE: RunPlace = { write: async () => undefined, readLine: async () => undefined };

interface RunOptions {
  readonly streaming?: boolean;
  readonly input?: string;
  readonly interactive?: ShellStyle;
}

async function tell(console: RunConsole, { stdout, stderr }: ScriptEnd): Promise<void> {
  if (stdout) await console.write('stdout', bytes(stdout));
  if (stderr) await console.write('stderr', bytes(stderr));
}

/** How a command that is connected to streams runs: as a shell, with its input or without. */
async function runOptions(
  words: readonly string[],
  streams: ContainerStreams,
  console: RunConsole,
  signal: AbortSignal,
): Promise<RunOptions> {
  const interactive = interactiveStyle(words, streams);
  if (interactive) return { streaming: true, interactive };
  if (!streams.stdin || !readsInput(words)) return { streaming: true };
  return { streaming: true, input: await inputOf(streams, console, signal) };
}

/** Threads of simulated shells, made when a script needs one. All runs of one container are in one thread. */
export class ShellPool implements Shell {
  private readonly threads = new Map<ShellThread, CancelTimer>();
  private readonly homes = new Map<string, ShellThread>();

  constructor(private readonly clock: Clock) {}

  program(words: readonly string[]): Program {
    return async (process) => this.run(process, words);
  }

  async exec(process: Process, words: readonly string[], timeoutSeconds: number): Promise<ExecResult> {
    const plain = await this.plain(process, words);
    if (plain) return plain;
    const { thread, run, ended } = this.start(process, words, NOWHERE);
    let late = false;
    const cancel =
      timeoutSeconds > 0
        ? this.clock.after(timeoutSeconds * 1000, () => {
            late = true;
            this.end(thread, run);
          })
        : () => undefined;
    const end = await ended;
    cancel();
    if (late) throw new ExecTimeoutError(`command timed out after ${timeoutSeconds}s: ${words.join(' ')}`);
    return resultOf(end);
  }

  forget(containerId: string): void {
    this.homes.get(containerId)?.forget(containerId);
    this.homes.delete(containerId);
  }

  async stream(
    process: Process,
    words: readonly string[],
    streams: ContainerStreams,
    signal: AbortSignal,
  ): Promise<number> {
    const console = consoleOf(streams);
    const options = await runOptions(words, streams, console, signal);
    const { thread, run, ended } = this.start(process, words, console, options);
    this.follow(thread, run, console, options);
    const over = AbortSignal.any([signal, process.ctx.signal]);
    const stop = () => this.end(thread, run);
    over.addEventListener('abort', stop, { once: true });
    if (over.aborted) stop();
    const end = await ended;
    over.removeEventListener('abort', stop);
    await tell(console, end);
    return end.exitCode;
  }

  /** What runs in a shell is interrupted, and the shell goes on; any other command ends. */
  private follow(thread: ShellThread, run: number, console: RunConsole, { interactive }: RunOptions): void {
    console.onInterrupt(() => (interactive ? thread.interrupt(run) : this.end(thread, run)));
  }

  private run(process: Process, words: readonly string[]): RunningProgram {
    const style = interactiveStyle(words, process.config);
    const console = process.console;
    const options = { streaming: true, ...(style && { interactive: style }) };
    const { thread, run, ended } = this.start(process, words, console, options);
    this.follow(thread, run, console, options);
    process.ctx.signal.addEventListener('abort', () => this.end(thread, run), { once: true });
    void ended.then(async (end) => {
      if (process.ctx.signal.aborted) return;
      await tell(console, end);
      process.exit(end.exitCode, end.message);
    });
    return {};
  }

  private start(
    process: Process,
    words: readonly string[],
    place: RunPlace,
    { streaming = false, ...options }: RunOptions = {},
  ) {
    const { config, identity } = process;
    const container = process.id;
    const thread = this.homes.get(container) ?? this.choose();
    this.homes.set(container, thread);
    this.threads.get(thread)?.();
    const { env, mounts, annotations, workingDir: cwd = '/' } = config;
    const messagePath = annotations[MESSAGE_PATH_ANNOTATION] ?? '/dev/termination-log';
    const { hostname } = identity;
    const [main, { files }] = [process.title, process];
    const account = { user: config.runAsUser ?? 0, group: config.runAsGroup ?? 0 };
    const root = { files, mounts, readonlyRoot: config.readonlyRootFilesystem ?? false, hostname };
    const script = { container, words, env, cwd, messagePath, main, streaming, ...root, ...account, ...options };
    const { run, ended } = thread.start(script, process, place);
    void ended.then(() => this.rest(thread));
    return { thread, run, ended };
  }

  private choose(): ShellThread {
    const threads = [...this.threads.keys()].sort((a, b) => a.size - b.size);
    const [freest] = threads;
    if (freest && (freest.size === 0 || threads.length >= MOST_THREADS)) return freest;
    const thread = new ShellThread((ended) => this.lost(ended));
    this.threads.set(thread, () => undefined);
    return thread;
  }

  private rest(thread: ShellThread): void {
    if (thread.size > 0 || !this.threads.has(thread)) return;
    this.threads.get(thread)?.();
    const cancel = this.clock.after(IDLE_MILLISECONDS, () => {
      if (thread.size === 0 && ![...this.homes.values()].includes(thread)) void thread.terminate();
    });
    this.threads.set(thread, cancel);
  }

  private end(thread: ShellThread, run: number): void {
    thread.abort(run);
    this.clock.after(ABORT_MILLISECONDS, () => {
      if (thread.has(run)) void thread.terminate();
    });
  }

  private lost(thread: ShellThread): void {
    this.threads.get(thread)?.();
    this.threads.delete(thread);
    for (const [container, home] of this.homes) if (home === thread) this.homes.delete(container);
  }

  /** Commands for which no thread need be woken. */
  private async plain(process: Process, words: readonly string[]): Promise<ExecResult | undefined> {
    if (this.homes.has(process.id)) return undefined;
    const script = scriptOf(words);
    const steps = script === undefined ? [{ words, onSuccess: false }] : (plainSteps(script) ?? []);
    const [step, ...more] = steps;
    const [name = '', ...args] = step?.words ?? [];
    const command = more.length === 0 && name !== 'sleep' ? plainCommand(name) : undefined;
    if (!command) return undefined;
    const { exitCode, stdout, stderr = '' } = await command(process, args);
    return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
  }
}
