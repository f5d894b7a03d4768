import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import type { Client } from './responder.js';

export type Respond = (bytes: Buffer, client: Client) => Buffer | undefined | Promise<Buffer | undefined>;

const LENGTH_BYTES = 2;
/** Of one question. */
const LONGEST_MESSAGE = 4096;
/** A client that asks without waiting is read on when some of that is answered. */
const MOST_WAITING = 32;
/** Bytes of answers that a client has not taken. */
const MOST_UNREAD = 1024 * 1024;
/** Without a whole question or an answer: parts of a question count for nothing. */
export const IDLE_MILLISECONDS = 10_000;

function framed(answer: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + answer.length);
  bytes.writeUInt16BE(answer.length, 0);
  answer.copy(bytes, LENGTH_BYTES);
  return bytes;
}

/** One connection: questions with their length before them, answered as the answers come (RFC 7766). */
export class TcpSession {
  private rest: Buffer = Buffer.alloc(0);
  private waiting = 0;
  private hasEnded = false;
  private readonly client: Client;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly socket: Socket,
    private readonly respond: Respond,
    private readonly clock: Clock,
  ) {
    this.client = { address: socket.remoteAddress ?? '', transport: 'tcp' };
    this.wait();
    socket.once('close', () => this.cancel());
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('end', () => this.end());
  }

  private wait(): void {
    this.cancel();
    this.cancel = this.clock.after(IDLE_MILLISECONDS, () => this.expire());
  }

  /** Who waits for an answer is not idle. */
  private expire(): void {
    if (this.waiting > 0) this.wait();
    else this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    this.readOn();
  }

  private readOn(): void {
    for (let next = this.next(); next; next = this.next()) void this.answer(next);
    if (this.waiting >= MOST_WAITING) this.socket.pause();
    else this.socket.resume();
  }

  /** The next whole message, if it may be answered now. */
  private next(): Buffer | undefined {
    const { rest } = this;
    if (this.waiting >= MOST_WAITING || rest.length < LENGTH_BYTES || this.socket.destroyed) return undefined;
    const end = LENGTH_BYTES + rest.readUInt16BE(0);
    if (end > LENGTH_BYTES + LONGEST_MESSAGE) return void this.socket.destroy();
    if (rest.length < end) return undefined;
    this.rest = rest.subarray(end);
    this.wait();
    return rest.subarray(LENGTH_BYTES, end);
  }

  private async answer(message: Buffer): Promise<void> {
    this.waiting += 1;
    const answer = await this.respond(message, this.client);
    this.waiting -= 1;
    const { socket } = this;
    // Who sends what is no question, or takes no answers, is not listened to any longer.
    if (!answer || socket.writableLength > MOST_UNREAD) socket.destroy();
    if (socket.destroyed) return;
    socket.write(framed(answer ?? Buffer.alloc(0)));
    this.wait();
    this.readOn();
    if (this.hasEnded) this.end();
  }

  /** The client asks no more; what it has asked is answered. */
  private end(): void {
    this.hasEnded = true;
    if (this.waiting === 0) this.socket.end();
  }
}
