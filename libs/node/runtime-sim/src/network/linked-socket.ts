import { Socket } from 'node:net';
import { deliver, type Path } from './path.js';

/** Bytes of what has arrived here and is on its way still: then no more is taken from the system, and whoever sends waits. */
const MOST_UNDER_WAY = 256 * 1024;

interface Written {
  readonly chunk: Buffer | string;
  readonly encoding: BufferEncoding;
}

const sizeOf = (chunk: unknown): number =>
  typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk.length : 0;

/** A connection over links: what is written leaves, and what has come is read, in its order and when they let it through. */
export class LinkedSocket extends Socket {
  /** How to call off what is still to happen. */
  private readonly waiting = new Set<() => void>();
  /** What was received and may not be read yet. Timers alone would not keep its order. */
  private readonly received: Array<() => void> = [];
  /** When the last of that may be. */
  private readableAt = 0;
  private underWay = 0;

  constructor(private readonly path: Path) {
    super();
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.after(deliver(this.path.out, sizeOf(chunk), 'data'), () => super._write(chunk, encoding, done));
  }

  override _writev(chunks: Written[], done: (error?: Error | null) => void): void {
    const bytes = chunks.reduce((sum, { chunk }) => sum + sizeOf(chunk), 0);
    this.after(deliver(this.path.out, bytes, 'data'), () => super._writev?.(chunks, done));
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const [bytes, now] = [sizeOf(chunk), this.path.clock.now()];
    const took = chunk === null ? 0 : deliver(this.path.in, bytes, 'data');
    this.readableAt = Math.max(this.readableAt, now + took);
    this.underWay += bytes;
    this.received.push(() => {
      this.underWay -= bytes;
      super.push(chunk, encoding);
      // As the system's own end does: nobody may be reading.
      if (chunk === null) this.read(0);
    });
    this.after(this.readableAt - now, () => this.received.shift()?.());
    return this.underWay < MOST_UNDER_WAY;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    for (const callOff of this.waiting) callOff();
    this.waiting.clear();
    super._destroy(error, done);
  }

  private after(milliseconds: number, act: () => void): void {
    const callOff = this.path.clock.after(milliseconds, () => {
      this.waiting.delete(callOff);
      act();
    });
    this.waiting.add(callOff);
  }
}
