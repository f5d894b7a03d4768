import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { CarriedStream, type Carrier, type Done, MOST_BUFFERED } from '../carrier/carried-stream.js';
import {
  type ControlFrame,
  controlFrame,
  type DataPiece,
  dataFrameHead,
  FLAG_FIN,
  FrameReader,
  FrameType,
  goAwayFrame,
  ResetStatus,
  resetFrame,
  SpdyError,
  words,
} from './frames.js';
import { HeaderReader, type Headers, HeaderWriter } from './header-block.js';

/** Two for every connection that is forwarded. */
const MOST_STREAMS = 1000;
const STREAM_ID = 0x7fffffff;
const LARGEST_DATA = 0xffffff;

export interface SpdyOptions {
  /** Whose streams have odd numbers. */
  readonly role: 'client' | 'server';
  /** What the other side has opened; a client of Kubernetes is never sent any. */
  readonly onStream: (stream: CarriedStream) => void;
}

/** One SPDY/3.1 connection and its streams. Ends with its socket. */
export class SpdyConnection implements Carrier {
  private readonly streams = new Map<number, CarriedStream>();
  private readonly reader = new FrameReader();
  private readonly headerReader = new HeaderReader();
  private readonly headerWriter = new HeaderWriter();
  private readonly waiting: Array<() => void> = [];
  private lastOpened: number;
  private lastHeard = 0;
  /** Resolves when nothing more comes, whatever the reason. */
  readonly ended: Promise<void>;

  constructor(
    private readonly socket: Duplex,
    private readonly options: SpdyOptions,
    head: Buffer = Buffer.alloc(0),
  ) {
    this.lastOpened = options.role === 'client' ? -1 : 0;
    socket.on('error', () => undefined);
    this.ended = this.run(head);
  }

  get size(): number {
    return this.streams.size;
  }

  /** Opens a stream; it may be written to at once. */
  open(headers: Headers): CarriedStream {
    this.lastOpened += 2;
    const id = this.lastOpened;
    const stream = this.add(id, headers);
    const block = this.headerWriter.write(headers);
    this.send(controlFrame(FrameType.synStream, 0, Buffer.concat([words(id, 0), Buffer.from([0, 0]), block])));
    return stream;
  }

  /** Says goodbye once all that was written has been sent, and hangs up. */
  close(): void {
    if (this.socket.destroyed || this.socket.writableEnded) return;
    this.send(goAwayFrame(this.lastHeard));
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  sendData(id: number, chunk: Buffer, done: Done): void {
    if (!this.streams.has(id)) return done(new SpdyError('the stream is over'));
    for (let at = 0; at < chunk.length; at += LARGEST_DATA) {
      const part = chunk.subarray(at, at + LARGEST_DATA);
      this.socket.write(dataFrameHead(id, part.length, 0));
      this.socket.write(part, at + LARGEST_DATA >= chunk.length ? done : undefined);
    }
    if (chunk.length === 0) done();
  }

  sendEnd(id: number, done: Done): void {
    if (!this.streams.has(id) || this.socket.destroyed) return done();
    this.socket.write(dataFrameHead(id, 0, FLAG_FIN), () => done());
  }

  forget(id: number, complete: boolean): void {
    if (this.streams.delete(id) && !complete) this.send(resetFrame(id, ResetStatus.cancel));
  }

  wanted(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }

  private async run(head: Buffer): Promise<void> {
    try {
      await this.receive(head);
      for await (const chunk of this.socket) await this.receive(chunk as Buffer);
    } catch {
      // Not SPDY, or cut off: the streams say so.
    } finally {
      this.headerReader.close();
      this.socket.destroy();
      const lost = [...this.streams.values()];
      this.streams.clear();
      for (const stream of lost) stream.lose();
      this.wanted();
    }
  }

  private async receive(chunk: Buffer): Promise<void> {
    for (const frame of this.reader.read(chunk)) {
      if (frame.kind === 'data') await this.receiveData(frame);
      else await this.receiveControl(frame);
      await this.room();
    }
  }

  /** Many frames are answered, and whoever does not read the answers is not to fill our memory with them. */
  private async room(): Promise<void> {
    const { socket } = this;
    while (socket.writableLength > MOST_BUFFERED && !socket.destroyed) {
      const left = new AbortController();
      await Promise.race(['drain', 'close'].map((event) => once(socket, event, left))).catch(() => undefined);
      left.abort();
    }
  }

  private async receiveData({ streamId, payload, fin }: DataPiece): Promise<void> {
    const stream = this.streams.get(streamId);
    if (!stream) return;
    stream.receive(payload);
    if (fin) stream.receiveEnd();
    while (stream.isFull && !this.socket.destroyed) await new Promise<void>((resume) => this.waiting.push(resume));
  }

  private async receiveControl({ type, flags, payload }: ControlFrame): Promise<void> {
    if (type === FrameType.synStream) return await this.receiveStream(payload, (flags & FLAG_FIN) !== 0);
    if (type === FrameType.synReply || type === FrameType.headers) return await this.receiveHeaders(payload);
    if (type === FrameType.reset) this.streams.get(idOf(payload))?.destroy();
    if (type === FrameType.ping && this.isTheirs(idOf(payload))) this.send(controlFrame(type, 0, payload));
  }

  private async receiveStream(payload: Buffer, fin: boolean): Promise<void> {
    const id = idOf(payload);
    // Also of what is refused: the blocks are one compressed stream.
    const headers = await this.headerReader.read(payload.subarray(10));
    if (!this.isTheirs(id) || id <= this.lastHeard) throw new SpdyError(`a stream cannot be opened as ${id}`);
    this.lastHeard = id;
    if (this.streams.size >= MOST_STREAMS) return this.send(resetFrame(id, ResetStatus.refusedStream));
    const stream = this.add(id, headers);
    this.send(controlFrame(FrameType.synReply, 0, Buffer.concat([words(id), this.headerWriter.write({})])));
    if (fin) stream.receiveEnd();
    this.options.onStream(stream);
  }

  private async receiveHeaders(payload: Buffer): Promise<void> {
    idOf(payload);
    await this.headerReader.read(payload.subarray(4));
  }

  private isTheirs(id: number): boolean {
    return id % 2 === (this.options.role === 'server' ? 1 : 0) && id > 0;
  }

  private add(id: number, headers: Headers): CarriedStream {
    const stream = new CarriedStream(id, headers, this);
    this.streams.set(id, stream);
    return stream;
  }

  private send(frame: Buffer): void {
    if (!this.socket.destroyed && !this.socket.writableEnded) this.socket.write(frame);
  }
}

function idOf(payload: Buffer): number {
  if (payload.length < 4) throw new SpdyError('a frame is cut off');
  return payload.readUInt32BE(0) & STREAM_ID;
}
