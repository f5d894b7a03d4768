import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { ContainerConfig, ContainerStreams, TerminalSize } from '@binnacle/node-cri';
import { PlainConsole } from './terminal/plain-console.js';
import type { RunConsole } from './terminal/run-console.js';
import { Terminal } from './terminal/terminal.js';

/** Who reads so many bytes more slowly than they are said reads no more of them. */
const MOST_BEHIND = 1024 * 1024;

type Input = Pick<ContainerConfig, 'stdin' | 'stdinOnce' | 'tty'>;
type Say = (stream: 'stdout' | 'stderr', bytes: Buffer) => void;

/** Who is attached to a container, and the input they give it. */
export class Attachments {
  /** Where the container's program reads and writes, whether anybody is attached or not. */
  readonly console: RunConsole;
  private readonly input: PassThrough | undefined;
  private readonly attached = new Set<ContainerStreams>();
  private readonly ended = new AbortController();
  private resized: (size: TerminalSize) => void = () => undefined;

  /** `say` takes all output, also that which is only echoed, and tells it here as well. */
  constructor(
    private readonly wanted: Input,
    say: Say,
  ) {
    const { stdin, tty } = wanted;
    this.input = stdin ? new PassThrough() : undefined;
    const onResize = (listener: (size: TerminalSize) => void) => void (this.resized = listener);
    this.console = tty
      ? new Terminal(this.input, async (bytes) => say('stdout', bytes), onResize)
      : new PlainConsole(this.input, async (stream, bytes) => say(stream, bytes));
  }

  /** Resolves when the container ends or the signal aborts. */
  async attach(streams: ContainerStreams, signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, this.ended.signal]);
    if (over.aborted) return;
    this.attached.add(streams);
    streams.onResize((size) => this.resized(size));
    if (streams.stdin) this.take(streams.stdin);
    await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
    this.attached.delete(streams);
    if (this.input) streams.stdin?.unpipe(this.input);
    if (streams.stdin) this.detached();
  }

  tell(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    for (const streams of this.attached) {
      const to = stream === 'stderr' && !this.wanted.tty ? streams.stderr : streams.stdout;
      if (to) this.tellOne(to, bytes);
    }
  }

  close(): void {
    this.ended.abort();
    this.input?.destroy();
  }

  private tellOne(to: Writable, bytes: Buffer): void {
    if (!to.writable) return;
    if (to.writableLength > MOST_BEHIND) to.destroy();
    else to.write(bytes);
  }

  private take(stdin: Readable): void {
    if (!this.input || this.input.writableEnded) return void stdin.resume();
    stdin.pipe(this.input, { end: false });
    stdin.once('end', () => this.detached());
  }

  /** Input that was to be given once is over with the first who gave it. */
  private detached(): void {
    if (this.wanted.stdinOnce) this.input?.end();
  }
}
