import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { connect, isIPv6 } from 'node:net';
import { type Context, withSignal } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { Query } from '../message/query.js';
import { appendEdns, OPT_BYTES } from '../message/reply.js';
import { type RawAnswer, readAnswer } from './raw-answer.js';

const HEADER_BYTES = 12;
const LENGTH_BYTES = 2;
const IDS = 0x10000;
const RECURSION_DESIRED = 0x0100;
const CHECKING_DISABLED = 0x0010;
const DNSSEC_OK_AT = 7;
const DNSSEC_OK = 0x80;

type Asked = Pick<Query, 'question' | 'checkingDisabled' | 'edns'>;
type Read = (bytes: Buffer) => RawAnswer;

/** The same question to somebody else, under another id. */
function questionOf({ question, checkingDisabled, edns }: Asked, id: number): Buffer {
  const end = HEADER_BYTES + question.length;
  const bytes = Buffer.alloc(end + OPT_BYTES);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt16BE(RECURSION_DESIRED | (checkingDisabled ? CHECKING_DISABLED : 0), 2);
  bytes.writeUInt16BE(1, 4);
  question.copy(bytes, HEADER_BYTES);
  appendEdns(bytes, end);
  if (edns?.dnssecOk) bytes.writeUInt8(DNSSEC_OK, end + DNSSEC_OK_AT);
  return bytes;
}

/** A socket of its own for each question: who would answer in another's place has to guess its port, too. */
function byDatagram(ctx: Context, { host, port }: WireAddress, question: Buffer, read: Read): Promise<RawAnswer> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return new Promise<RawAnswer>((resolve, reject) => {
    ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error), { once: true });
    socket.on('error', reject);
    socket.on('message', (bytes) => {
      try {
        resolve(read(bytes));
      } catch (error) {
        // Others may write to it, too: the right one may be still to come.
        ctx.logger.debug('a server of names sent what is no answer', { host, port, error });
      }
    });
    const dialled = (error?: Error) => (error ? reject(error) : socket.send(question));
    socket.connect(port, host, dialled);
  }).finally(() => socket.close());
}

function byConnection(ctx: Context, { host, port }: WireAddress, question: Buffer, read: Read): Promise<RawAnswer> {
  const socket = connect({ host, port, noDelay: true });
  return new Promise<RawAnswer>((resolve, reject) => {
    ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error), { once: true });
    let received: Buffer = Buffer.alloc(0);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(question.length);
    socket.once('error', reject);
    socket.once('connect', () => socket.write(Buffer.concat([length, question])));
    socket.once('close', () => reject(new Error('the server ended the connection')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : LENGTH_BYTES + received.readUInt16BE(0);
      if (received.length < end) return;
      try {
        resolve(read(received.subarray(LENGTH_BYTES, end)));
      } catch (error) {
        reject(error as Error);
      }
    });
  }).finally(() => socket.destroy());
}

/** A context that ends with another, or when its time is over; `done` leaves nothing of it behind. */
function within(ctx: Context, milliseconds: number): { readonly ctx: Context; readonly done: () => void } {
  const life = new AbortController();
  const end = () => life.abort(ctx.signal.reason);
  ctx.signal.addEventListener('abort', end, { once: true });
  if (ctx.signal.aborted) end();
  const cancel = ctx.clock.after(milliseconds, () => life.abort(new Error(`no answer in ${milliseconds} ms`)));
  const done = () => {
    cancel();
    ctx.signal.removeEventListener('abort', end);
  };
  return { ctx: withSignal(ctx, life.signal), done };
}

/** Asks one server; what does not fit into a datagram is asked for by TCP. Rejects where there is no answer in time. */
export async function exchange(
  ctx: Context,
  place: WireAddress,
  asked: Asked,
  milliseconds: number,
): Promise<RawAnswer> {
  const id = randomInt(IDS);
  const question = questionOf(asked, id);
  const read: Read = (bytes) => readAnswer(bytes, id, asked.question);
  const { ctx: limited, done } = within(ctx, milliseconds);
  try {
    const answer = await byDatagram(limited, place, question, read);
    return answer.isCut ? await byConnection(limited, place, question, read) : answer;
  } finally {
    done();
  }
}
