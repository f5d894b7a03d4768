import { Worker } from 'node:worker_threads';
import { sleep } from '@binnacle/machinery-context';
import type { Process } from '../programs/program.js';
import type { RunConsole } from '../terminal/run-console.js';
import type { Call, FromThread, HttpReply, RunScript, ScriptEnd, ToThread } from './protocol.js';

/** Threads run compiled code only: seen from the sources, as tests do, it is where the build puts it. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? '../../dist/shell/worker.js' : './worker.js', import.meta.url);
const HEAP_MEGABYTES = 64;
const LARGEST_ANSWER = 4 * 1024 * 1024;

/** Where a run's output goes and its lines come from. */
export type RunPlace = Pick<RunConsole, 'write' | 'readLine'>;

interface Run {
  readonly process: Process;
  readonly place: RunPlace;
  readonly ended: (end: ScriptEnd) => void;
}

const KILLED: ScriptEnd = { exitCode: 137, stdout: '', stderr: '', message: '' };

/** One thread in which the shells of some containers run. */
export class ShellThread {
  private readonly worker: Worker;
  private readonly runs = new Map<number, Run>();
  private next = 0;

  constructor(private readonly ended: (thread: ShellThread) => void) {
    this.worker = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES }, env: {} });
    this.worker.unref();
    this.worker.on('message', (message: FromThread) => this.receive(message));
    this.worker.on('error', (error) => this.tellAll(`fatal: the thread of this shell ended: ${error.message}\n`));
    this.worker.once('exit', () => this.close());
  }

  get size(): number {
    return this.runs.size;
  }

  has(run: number): boolean {
    return this.runs.has(run);
  }

  /** Resolves when the script has ended, however it did. */
  start(
    script: Omit<RunScript, 'type' | 'run'>,
    process: Process,
    place: RunPlace,
  ): { run: number; ended: Promise<ScriptEnd> } {
    this.next += 1;
    const run = this.next;
    const ended = new Promise<ScriptEnd>((resolve) => void this.runs.set(run, { process, place, ended: resolve }));
    this.send({ type: 'run', run, ...script });
    return { run, ended };
  }

  abort(run: number): void {
    if (this.runs.has(run)) this.send({ type: 'abort', run });
  }

  interrupt(run: number): void {
    if (this.runs.has(run)) this.send({ type: 'interrupt', run });
  }

  forget(container: string): void {
    this.send({ type: 'forget', container });
  }

  /** Ends all that runs in it. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private send(message: ToThread): void {
    this.worker.postMessage(message);
  }

  private receive(message: FromThread): void {
    const run = this.runs.get(message.run);
    if (!run) return;
    if (message.type === 'done') {
      this.runs.delete(message.run);
      run.ended(message.end);
    } else void this.answer(message.call, run, message.ask);
  }

  private async answer(call: number, run: Run, ask: Call): Promise<void> {
    try {
      this.send({ type: 'reply', call, value: await perform(run, ask) });
    } catch (error) {
      this.send({ type: 'reply', call, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private tellAll(text: string): void {
    for (const { place } of this.runs.values()) void place.write('stderr', Buffer.from(text));
  }

  private close(): void {
    for (const run of this.runs.values()) run.ended(KILLED);
    this.runs.clear();
    this.ended(this);
  }
}

async function perform({ process, place }: Run, ask: Call): Promise<unknown> {
  const { network, ctx } = process;
  if (ask.kind === 'write') return await place.write(ask.stream, Buffer.from(ask.bytes, 'latin1'));
  if (ask.kind === 'line') return (await place.readLine(ask.prompt)) ?? null;
  if (ask.kind === 'sleep') return await sleep(ctx, ask.milliseconds);
  if (ask.kind === 'addresses') return await network.addresses(ask.name, ask.names);
  if (ask.kind === 'lookup') return await network.lookUp(ask.wanted, ask.names);
  if (ask.kind === 'tcp') return await exchange(process, ask);
  if (ask.kind === 'udp' || ask.kind === 'connect') return await reach(process, ask);
  const body = ask.body === undefined ? undefined : Buffer.from(ask.body, 'latin1');
  const answer = await network.http({ ...ask, body });
  return { ...answer, body: answer.body.toString('latin1') } satisfies HttpReply;
}

async function reach({ network }: Process, ask: Extract<Call, { kind: 'udp' | 'connect' }>): Promise<string> {
  if (ask.kind === 'udp') return (await network.datagram(ask, Buffer.from(ask.input, 'latin1'))).toString('latin1');
  (await network.connect(ask)).destroy();
  return '';
}

async function exchange({ network }: Process, ask: Extract<Call, { kind: 'tcp' }>): Promise<string> {
  const socket = await network.connect(ask);
  const chunks: Buffer[] = [];
  let size = 0;
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_ANSWER) socket.destroy();
    else chunks.push(chunk);
  });
  socket.end(Buffer.from(ask.input, 'latin1'));
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.once('timeout', () => socket.destroy());
  });
  return Buffer.concat(chunks).toString();
}
