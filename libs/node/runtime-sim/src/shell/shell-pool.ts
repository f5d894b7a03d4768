import { type CancelTimer, type Clock } from '@binnacle/machinery-context';
import { type ExecResult, ExecTimeoutError } from '@binnacle/node-cri';
import { commands, plainSteps } from '../programs/commands.js';
import { scriptOf } from '../programs/choose.js';
import type { Process, Program, RunningProgram } from '../programs/program.js';
import type { ScriptEnd } from './protocol.js';
import type { Shell } from './shell.js';
import { ShellThread } from './shell-thread.js';

/** Each thread takes some 20 MB; beyond so many, containers share them. */
const MOST_THREADS = 8;
/** A script that does not let go within so long is in a loop that only the end of its thread ends. */
const ABORT_MILLISECONDS = 500;
/** A thread in which nothing runs is kept so long. */
const IDLE_MILLISECONDS = 15_000;

/** By which the kubelet tells a runtime where a container leaves its last words. */
const MESSAGE_PATH_ANNOTATION = 'io.kubernetes.container.terminationMessagePath';

const resultOf = ({ exitCode, stdout, stderr }: ScriptEnd): ExecResult => ({
  exitCode,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
});

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
    const { thread, run, ended } = this.start(process, words, false, () => undefined);
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

  private run(process: Process, words: readonly string[]): RunningProgram {
    const { thread, run, ended } = this.start(process, words, true, (stream, text) => process.log(stream, text));
    process.ctx.signal.addEventListener('abort', () => this.end(thread, run), { once: true });
    void ended.then(({ exitCode, stdout, stderr, message }) => {
      if (process.ctx.signal.aborted) return;
      if (stdout) process.log('stdout', stdout);
      if (stderr) process.log('stderr', stderr);
      process.exit(exitCode, message);
    });
    return {};
  }

  private start(
    process: Process,
    words: readonly string[],
    streaming: boolean,
    output: (stream: 'stdout' | 'stderr', text: string) => void,
  ) {
    const { config, identity } = process;
    const container = process.id;
    const thread = this.homes.get(container) ?? this.choose();
    this.homes.set(container, thread);
    this.threads.get(thread)?.();
    const { env, mounts, annotations, workingDir: cwd = '/' } = config;
    const messagePath = annotations[MESSAGE_PATH_ANNOTATION] ?? '/dev/termination-log';
    const script = { container, words, env, cwd, mounts, messagePath, hostname: identity.hostname, streaming };
    const { run, ended } = thread.start(script, process, output);
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
    const command = more.length === 0 && name !== 'sleep' ? commands[name] : undefined;
    if (!command) return undefined;
    const { exitCode, stdout, stderr = '' } = await command(process, args);
    return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
  }
}
