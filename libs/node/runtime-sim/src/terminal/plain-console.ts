import type { Readable } from 'node:stream';
import type { RunConsole } from './run-console.js';

/** Bytes of input that wait to be read, before whoever sends them does. */
const MOST_WAITING = 256 * 1024;

/** Streams without a terminal: nothing is echoed, no prompt is shown. */
export class PlainConsole implements RunConsole {
  private waiting = Buffer.alloc(0);
  private ended = false;
  private begun = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly input: Readable | undefined,
    private readonly out: (stream: 'stdout' | 'stderr', bytes: Buffer) => Promise<void>,
  ) {}

  async write(stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void> {
    await this.out(stream, bytes);
  }

  onInterrupt(): void {
    // Without a terminal nothing that is sent is a signal.
  }

  async readLine(): Promise<string | undefined> {
    if (!this.begun) this.begin();
    for (;;) {
      const end = this.waiting.indexOf(10);
      if (end >= 0) return this.take(end, 1);
      if (this.waiting.length > MOST_WAITING) return this.take(this.waiting.length, 0);
      if (this.ended) return this.waiting.length > 0 ? this.take(this.waiting.length, 0) : undefined;
      this.input?.resume();
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Not before: who reads the input otherwise is to have all of it. */
  private begin(): void {
    this.begun = true;
    const end = () => {
      this.ended = true;
      this.wake();
    };
    if (!this.input) return end();
    this.input.once('end', end).once('close', end);
    this.input.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  private take(length: number, more: number): string {
    const line = this.waiting.toString('utf8', 0, length);
    this.waiting = this.waiting.subarray(length + more);
    return line;
  }

  private receive(chunk: Buffer): void {
    this.waiting = Buffer.concat([this.waiting, chunk]);
    if (this.waiting.length > MOST_WAITING || chunk.includes(10)) this.input?.pause();
    this.wake();
  }
}
