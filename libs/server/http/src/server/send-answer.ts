import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse, OutgoingHttpHeaders } from 'node:http2';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import type { AnswerSink, ApiAnswer, BytesAnswer, StreamAnswer } from '../api-request.js';

type RawResponse = ServerResponse<IncomingMessage> | Http2ServerResponse;

/** Bodies above this many bytes are compressed where the client asks for it, as upstream does. */
const GZIP_FROM = 128 * 1024;
/** Pieces are joined up to about this many bytes before they are written. */
const CHUNK = 256 * 1024;
/** Answers that have no body by their nature, and say no length: Not Modified would give that of what is not sent. */
const BODILESS: ReadonlySet<number> = new Set([204, 304]);
const COMMON = { 'cache-control': 'no-cache, private' };

const compress = promisify(gzip);

const sizeOf = (piece: string | Buffer): number =>
  typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;

function joined(pieces: readonly (string | Buffer)[]): Buffer {
  const whole = Buffer.allocUnsafe(pieces.reduce((size, piece) => size + sizeOf(piece), 0));
  let at = 0;
  for (const piece of pieces) at += typeof piece === 'string' ? whole.write(piece, at) : piece.copy(whole, at);
  return whole;
}

/** Joins small pieces, so that a list is written in few, large chunks. */
function* chunksOf(pieces: readonly (string | Buffer)[]): Generator<Buffer> {
  let start = 0;
  let size = 0;
  for (let at = 0; at < pieces.length; at += 1) {
    size += pieces[at]?.length ?? 0;
    if (size < CHUNK) continue;
    yield joined(pieces.slice(start, at + 1));
    start = at + 1;
    size = 0;
  }
  if (start < pieces.length) yield joined(pieces.slice(start));
}

/** Waits until the client has taken what was written. Rejects when it goes away instead. */
function drained(raw: RawResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const proceed = () => {
      raw.off('close', leave);
      resolve();
    };
    const leave = () => {
      raw.off('drain', proceed);
      reject(new Error('the client is gone'));
    };
    raw.once('drain', proceed);
    raw.once('close', leave);
  });
}

function writeRaw(raw: RawResponse, chunk: Buffer | string): boolean {
  return (raw as ServerResponse).write(chunk);
}

function write(raw: RawResponse, chunk: Buffer | string): Promise<void> | undefined {
  if (raw.destroyed || raw.writableEnded) throw new Error('the client is gone');
  return writeRaw(raw, chunk) ? undefined : drained(raw);
}

/**
 * Most answers are one small piece. Under HTTP/2 they go past the layers that would send their end in a frame of its own;
 * but not those to HEAD, of which node's response would never hear that they are done.
 */
async function sendWhole(reply: FastifyReply, answer: BytesAnswer, body: Buffer): Promise<void> {
  const { stream } = reply.raw as unknown as Partial<Http2ServerResponse>;
  if (!stream || reply.request.method === 'HEAD') {
    await reply
      .code(answer.status)
      .headers({ ...COMMON, 'content-type': answer.contentType, ...answer.headers })
      .send(BODILESS.has(answer.status) ? undefined : body);
    return;
  }
  reply.hijack();
  if (stream.destroyed) return;
  const headers: OutgoingHttpHeaders = {
    ':status': answer.status,
    'content-type': answer.contentType,
    'cache-control': COMMON['cache-control'],
    ...(BODILESS.has(answer.status) ? {} : { 'content-length': body.length }),
  };
  stream.respond(Object.assign(headers, reply.getHeaders(), answer.headers));
  stream.end(body);
}

async function sendBytes(reply: FastifyReply, answer: BytesAnswer, gzipAccepted: boolean): Promise<void> {
  const size = answer.body.reduce((sum, piece) => sum + piece.length, 0);
  if (size < CHUNK && (size < GZIP_FROM || !gzipAccepted)) return sendWhole(reply, answer, joined(answer.body));
  reply.code(answer.status).headers({ ...COMMON, 'content-type': answer.contentType, ...answer.headers });
  if (gzipAccepted) {
    const body = await compress(joined(answer.body), { level: constants.Z_BEST_SPEED });
    const vary = [answer.headers?.vary, 'Accept-Encoding'].filter(Boolean).join(', ');
    await reply.headers({ 'content-encoding': 'gzip', vary }).send(body);
    return;
  }
  if (reply.request.method === 'HEAD') return sendHead(reply, answer);
  const raw = openRaw(reply, answer);
  for (const chunk of chunksOf(answer.body)) await write(raw, chunk);
  raw.end();
}

/** Takes the response out of Fastify's hands and sends its head. */
function openRaw(reply: FastifyReply, answer: ApiAnswer): RawResponse {
  reply.hijack();
  const raw = reply.raw as RawResponse;
  const headers = { ...reply.getHeaders(), ...COMMON, 'content-type': answer.contentType, ...answer.headers };
  (raw as ServerResponse).writeHead(answer.status, headers as Record<string, string>);
  return raw;
}

async function sendStream(reply: FastifyReply, answer: StreamAnswer, stopping: AbortSignal): Promise<void> {
  const raw = openRaw(reply, answer);
  (raw as ServerResponse).flushHeaders?.();
  const ended = new AbortController();
  const stop = () => ended.abort(new Error('the answer ends'));
  raw.once('close', stop);
  stopping.addEventListener('abort', stop, { once: true });
  const sink: AnswerSink = { write: (chunk) => write(raw, chunk) };
  try {
    await answer.stream(sink, ended.signal);
  } catch (error) {
    if (!ended.signal.aborted && !raw.destroyed) throw error;
  } finally {
    stopping.removeEventListener('abort', stop);
    raw.end();
  }
}

const nowhere: AnswerSink = { write: () => undefined };

/** Tells what an answer would begin with. Node's HTTP/2 response must not be written to here: it would never end. */
async function sendHead(reply: FastifyReply, answer: ApiAnswer): Promise<void> {
  // What was opened for a stream is closed by who would have streamed it.
  if ('stream' in answer) await answer.stream(nowhere, AbortSignal.abort()).catch(() => undefined);
  await reply
    .code(answer.status)
    .headers({ ...COMMON, 'content-type': answer.contentType, ...answer.headers })
    .send();
}

/** Sends an answer through Fastify; lists and streams are written with back-pressure. */
export async function sendAnswer(
  reply: FastifyReply,
  answer: ApiAnswer,
  options: { readonly gzip: boolean; readonly stopping: AbortSignal },
): Promise<void> {
  if ('stream' in answer && reply.request.method === 'HEAD') await sendHead(reply, answer);
  else if ('stream' in answer) await sendStream(reply, answer, options.stopping);
  else await sendBytes(reply, answer, options.gzip);
}
