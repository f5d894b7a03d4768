import type { RawData, WebSocket } from 'ws';
import { CarriedStream, type Carrier, type Done } from '../carrier/carried-stream.js';

/** What a channel is good for, seen from here. */
export type ChannelUse = 'read' | 'write' | 'both';

export interface ChannelOptions {
  /** By number. */
  readonly channels: readonly ChannelUse[];
  /** Text messages: the channel's digit, then base64. */
  readonly base64: boolean;
  /** Whether the other side can say that it has nothing more to say on a channel (v5). */
  readonly closes: boolean;
}

/** The channel on which v5 closes others. */
const CLOSE_CHANNEL = 255;
const ZERO = '0'.charCodeAt(0);
const NORMAL = 1000;
const GOING_AWAY = 1001;

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);

/** Channels of one WebSocket. Behaves as kubernetes apimachinery pkg/util/httpstream/wsstream, and v5 as apiserver's translator. */
export class ChannelConnection implements Carrier {
  readonly streams: readonly CarriedStream[];
  readonly ended: Promise<void>;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: ChannelOptions,
  ) {
    this.streams = options.channels.map((use, id) => this.open(id, use));
    socket.on('error', () => undefined);
    socket.on('message', (data) => this.receive(bytesOf(data)));
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        for (const stream of this.streams) stream.lose();
        resolve();
      });
    });
    socket.resume();
  }

  /** Tells on which channel anything comes that the connection stands. */
  greet(id: number): void {
    this.send(id, Buffer.alloc(0), () => undefined);
  }

  close(isGone = false): void {
    this.socket.close(isGone ? GOING_AWAY : NORMAL);
  }

  destroy(): void {
    this.socket.terminate();
  }

  sendData(id: number, chunk: Buffer, done: Done): void {
    if (this.socket.readyState !== this.socket.OPEN) return done(new Error('the connection is closed'));
    this.send(id, chunk, done);
  }

  sendEnd(_id: number, done: Done): void {
    // Only clients can say so; a reader here learns it from the close of the connection.
    done();
  }

  forget(): void {
    // A channel ends with its connection.
  }

  wanted(): void {
    if (this.socket.isPaused && !this.streams.some((stream) => stream.isFull)) this.socket.resume();
  }

  private open(id: number, use: ChannelUse): CarriedStream {
    const stream = new CarriedStream(id, {}, this);
    if (use === 'write') {
      stream.receiveEnd();
      stream.resume();
    } else if (use === 'read') stream.end();
    return stream;
  }

  private receive(message: Buffer): void {
    const [first] = message;
    if (first === undefined) return;
    if (this.options.base64) return this.deliver(first - ZERO, Buffer.from(message.toString('latin1', 1), 'base64'));
    if (this.options.closes && first === CLOSE_CHANNEL) return this.streams[message[1] ?? CLOSE_CHANNEL]?.receiveEnd();
    this.deliver(first, message.subarray(1));
  }

  private deliver(id: number, data: Buffer): void {
    // Of a channel there is none of upstream says nothing, either.
    const stream = this.streams[id];
    if (stream && !stream.receive(data)) this.socket.pause();
  }

  private send(id: number, chunk: Buffer, done: Done): void {
    const { base64 } = this.options;
    if (base64) this.socket.send(`${id}${chunk.toString('base64')}`, done);
    else this.socket.send(Buffer.concat([Buffer.from([id]), chunk]), { binary: true }, done);
  }
}
