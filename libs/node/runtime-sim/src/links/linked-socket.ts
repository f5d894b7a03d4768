import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from '@binnacle/machinery-context';
import { Delayed } from './delayed.js';
import { Lane } from './lane.js';
import type { Path } from './path.js';

/** Of each way of one connection; who sends more waits, as for a window of TCP. */
const MOST_BYTES = 256 * 1024;

type Done = (error?: Error | null) => void;

/** A connection that came over a way which takes its time. To a program it is the socket itself. */
export class LinkedSocket extends Duplex {
  private readonly coming: Delayed;
  private readonly going: Delayed;
  private readonly lanes: { readonly in: Lane; readonly out: Lane };
  private written: Done | undefined;
  /** Whether the end has arrived. */
  private isFinished = false;

  constructor(
    private readonly under: Socket,
    private readonly path: Path,
    name: string,
    private readonly clock: Clock,
  ) {
    super({ allowHalfOpen: under.allowHalfOpen });
    // What is still on its way is sent after the other side has ended.
    under.allowHalfOpen = true;
    this.coming = new Delayed(clock);
    this.going = new Delayed(clock);
    this.lanes = { in: new Lane('in', name), out: new Lane('out', name) };
    // Until then who dialled does not know that somebody is there.
    const begins = clock.now() + this.lanes.in.handshake(path);
    this.lanes.in.begins = begins;
    this.lanes.out.begins = begins;
    under.on('data', (chunk: Buffer) => this.receive(chunk));
    under.once('end', () => this.coming.add(this.arrival('in', 0), 0, () => this.finish()));
    under.once('close', () => this.endWith());
    under.on('timeout', () => this.emit('timeout'));
    // It stays: an error that nobody else hears must not end the process.
    this.on('error', () => this.destroy());
  }

  get remoteAddress(): string | undefined {
    return this.under.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.under.remotePort;
  }

  get localAddress(): string | undefined {
    return this.under.localAddress;
  }

  get localPort(): number | undefined {
    return this.under.localPort;
  }

  setTimeout(milliseconds: number, late?: () => void): this {
    this.under.setTimeout(milliseconds);
    if (late) this.once('timeout', late);
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  resetAndDestroy(): this {
    this.under.resetAndDestroy();
    return this.destroy();
  }

  override _read(): void {
    this.coming.letGo();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.going.add(this.arrival('out', chunk.length), chunk.length, () => this.send(chunk));
    if (this.going.bytes < MOST_BYTES) done();
    else this.written = done;
  }

  override _final(done: Done): void {
    this.going.add(this.arrival('out', 0), 0, () => this.under.end(done));
  }

  override _destroy(error: Error | null, done: Done): void {
    this.coming.clear();
    this.going.clear();
    this.under.destroy();
    done(error);
  }

  private arrival(way: 'in' | 'out', bytes: number): number {
    return this.lanes[way].segment(this.path, this.clock.now(), bytes);
  }

  private receive(chunk: Buffer): void {
    this.coming.add(this.arrival('in', chunk.length), chunk.length, () => this.pass(chunk));
    if (this.coming.bytes >= MOST_BYTES) this.under.pause();
  }

  private pass(chunk: Buffer): void {
    if (!this.push(chunk)) this.coming.hold();
    if (this.coming.bytes < MOST_BYTES) this.under.resume();
  }

  private send(chunk: Buffer): void {
    this.under.write(chunk);
    const done = this.written;
    if (!done || this.going.bytes >= MOST_BYTES) return;
    this.written = undefined;
    // Who does not read is not written for without bound.
    if (this.under.writableNeedDrain) this.under.once('drain', () => done());
    else done();
  }

  /** The other side has gone: what it sent before still arrives. */
  private endWith(): void {
    if (this.readableEnded || this.under.errored) return void this.destroy();
    this.once('end', () => this.destroy());
    this.coming.add(this.arrival('in', 0), 0, () => this.finish());
  }

  private finish(): void {
    if (!this.isFinished) this.push(null);
    this.isFinished = true;
  }
}
