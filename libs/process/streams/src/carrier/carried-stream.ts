import { Duplex } from 'node:stream';

export type Done = (error?: Error | null) => void;

/** What carries many streams over one connection: SPDY, or channels of a WebSocket. */
export interface Carrier {
  sendData(id: number, chunk: Buffer, done: Done): void;
  /** This side has nothing more to say on a stream. */
  sendEnd(id: number, done: Done): void;
  /** A stream is over on both sides, or given up. */
  forget(id: number, complete: boolean): void;
  /** A stream's reader wants more. */
  wanted(): void;
}

/** Bytes of one stream that wait for their reader before the whole connection does. */
export const MOST_BUFFERED = 256 * 1024;

/** One stream of a connection. Each side ends by itself. */
export class CarriedStream extends Duplex {
  private heardAll = false;

  constructor(
    readonly id: number,
    /** Lower-case names. */
    readonly headers: Readonly<Record<string, string>>,
    private readonly carrier: Carrier,
  ) {
    super({ allowHalfOpen: true, readableHighWaterMark: MOST_BUFFERED, emitClose: true });
    // Who has a stream learns from its end or its close; nobody must listen for errors of the other side.
    this.on('error', () => undefined);
  }

  /** Answers whether more may come. */
  receive(chunk: Buffer): boolean {
    return this.heardAll || this.destroyed || chunk.length === 0 || this.push(chunk);
  }

  receiveEnd(): void {
    if (this.heardAll || this.destroyed) return;
    this.heardAll = true;
    this.push(null);
  }

  /** Nothing more comes or goes. What came whole can still be read. */
  lose(): void {
    if (!this.heardAll) this.destroy();
  }

  /** Whether what has come is more than may wait. */
  get isFull(): boolean {
    return !this.destroyed && this.readableLength >= this.readableHighWaterMark;
  }

  override _read(): void {
    // What is being read now still counts, and nobody asks again before more has come.
    queueMicrotask(() => this.carrier.wanted());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.carrier.sendData(this.id, chunk, done);
  }

  override _final(done: Done): void {
    this.carrier.sendEnd(this.id, done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.carrier.forget(this.id, this.heardAll && this.writableFinished);
    this.carrier.wanted();
    done(error);
  }
}
