import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Http2ServerResponse, type OutgoingHttpHeaders, sensitiveHeaders } from 'node:http2';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { Soon } from '@binnacle/machinery-context';
import { turns } from '@binnacle/server-flow-control';
import { Slabs } from '@binnacle/server-storage';
import type { FastifyReply } from 'fastify';
import type {
  AnswerHead,
  AnswerSink,
  ApiAnswer,
  BytesAnswer,
  StreamAnswer,
  UpgradeAnswer,
} from '../request/api-request.js';
import { REQUEST_ID_HEADER } from '../request/request-id.js';
import { clientLeft, type RequestLife } from '../request/request-life.js';
import { headersOf, sayAll } from './said-headers.js';

type RawResponse = ServerResponse<IncomingMessage> | Http2ServerResponse;

/** Bodies above this many bytes are compressed where the client asks for it, as upstream does. */
const GZIP_FROM = 128 * 1024;
/** Pieces are joined up to about this many bytes before they are written. */
const CHUNK = 256 * 1024;
/** Longer ones are compressed while they are sent. */
const GZIP_WHOLE = 1024 * 1024;
const GZIP_CHUNK = 64 * 1024;
/** Bytes that answers are cut from: not many, since who reads slowly holds a slab by a single answer. */
const PASSING_SLAB = 32 * 1024;
/** Answers that have no body by their nature, and say no length: Not Modified would give that of what is not sent. */
const BODILESS: ReadonlySet<number> = new Set([204, 304]);
const COMMON = { 'cache-control': 'no-cache, private', 'x-content-type-options': 'nosniff' };

/**
 * What is never said twice is not kept by the compression of headers: it would fill its table, which is searched from one end to the
 * other at every answer.
 */
const UNIQUE: string[] = [REQUEST_ID_HEADER];
type Unindexed = { [sensitiveHeaders]?: string[] };

const compress = promisify(gzip);

/** What is gone as soon as it has been sent. */
const passing = new Slabs(PASSING_SLAB);

const sizeOf = (piece: string | Buffer): number =>
  typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;

function joined(pieces: readonly (string | Buffer)[]): Buffer {
  const whole = passing.take(pieces.reduce((size, piece) => size + sizeOf(piece), 0));
  let at = 0;
  for (const piece of pieces) at += typeof piece === 'string' ? whole.write(piece, at) : piece.copy(whole, at);
  return whole;
}

/** Joins small pieces, so that a list is written in few, large chunks; what is large itself is not copied. */
function* chunksOf(pieces: readonly (string | Buffer)[]): Generator<Buffer> {
  const [only] = pieces;
  if (pieces.length === 1 && Buffer.isBuffer(only)) {
    for (let at = 0; at < only.length; at += CHUNK) yield only.subarray(at, at + CHUNK);
    return;
  }
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
      reject(clientLeft());
    };
    raw.once('drain', proceed);
    raw.once('close', leave);
  });
}

function writeRaw(raw: RawResponse, chunk: Buffer | string): boolean {
  return (raw as ServerResponse).write(chunk);
}

function write(raw: RawResponse, chunk: Buffer | string): Promise<void> | undefined {
  if (raw.destroyed || raw.writableEnded) throw clientLeft();
  return writeRaw(raw, chunk) ? undefined : drained(raw);
}

/**
 * Most answers are one small piece. Under HTTP/2 they go past the layers that would send their end in a frame of its own;
 * but not those to HEAD, of which node's response would never hear that they are done.
 */
function sendWhole(reply: FastifyReply, answer: BytesAnswer, body: Buffer): Soon<void> {
  const { stream } = reply.raw as unknown as Partial<Http2ServerResponse>;
  if (!stream || reply.request.method === 'HEAD') {
    return sendByFramework(reply, answer, BODILESS.has(answer.status) ? undefined : body);
  }
  reply.hijack();
  if (stream.destroyed) return;
  const headers: OutgoingHttpHeaders = { ':status': answer.status, 'content-type': answer.contentType, ...COMMON };
  if (!BODILESS.has(answer.status)) headers['content-length'] = body.length;
  Object.assign(headers, headersOf(reply), answer.headers);
  if (headers[REQUEST_ID_HEADER] !== undefined) (headers as Unindexed)[sensitiveHeaders] = UNIQUE;
  stream.respond(headers);
  stream.end(body);
}

async function sendByFramework(reply: FastifyReply, answer: AnswerHead, body?: Buffer): Promise<void> {
  await headed(reply, answer).send(body);
}

function headed(reply: FastifyReply, { status, contentType, headers }: AnswerHead): FastifyReply {
  return sayAll(reply)
    .code(status)
    .headers({ ...COMMON, 'content-type': contentType, ...headers });
}

function sendBytes(reply: FastifyReply, answer: BytesAnswer, gzip: boolean, life: RequestLife): Soon<void> {
  const size = answer.body.reduce((sum, piece) => sum + piece.length, 0);
  if (size < CHUNK && (size < GZIP_FROM || !gzip)) return sendWhole(reply, answer, joined(answer.body));
  return sendLong(reply, answer, gzip ? size : 0, life);
}

/** `zipped` is the size of what is to be compressed; 0 where nothing is. */
async function sendLong(reply: FastifyReply, answer: BytesAnswer, zipped: number, life: RequestLife): Promise<void> {
  const sent = zipped > 0 ? { ...answer, headers: { ...answer.headers, ...gzipHeaders(answer) } } : answer;
  if (reply.request.method === 'HEAD') return sendHead(reply, sent);
  if (zipped > 0 && zipped < GZIP_WHOLE) {
    const body = await compress(joined(answer.body), { level: constants.Z_BEST_SPEED });
    return sendByFramework(reply, sent, body);
  }
  const raw = openRaw(reply, sent);
  const chunks = inTurn(answer.body, life.signal);
  for await (const chunk of zipped > 0 ? compressed(chunks) : chunks) await write(raw, chunk);
  raw.end();
}

function gzipHeaders({ headers }: BytesAnswer): Record<string, string> {
  const vary = [headers?.vary, 'Accept-Encoding'].filter(Boolean).join(', ');
  return { 'content-encoding': 'gzip', vary };
}

/** Even where the client takes all at once, others come in between. */
async function* inTurn(pieces: readonly (string | Buffer)[], signal: AbortSignal): AsyncGenerator<Buffer> {
  const pace = turns.begin({ signal });
  for (const chunk of chunksOf(pieces)) {
    if (pace.isDue) await pace.rest();
    yield chunk;
  }
}

/** In pieces, since to join and to compress a long answer as a whole takes its size over again. */
function compressed(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const zip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: GZIP_CHUNK });
  const source = Readable.from(chunks, { objectMode: false });
  source.once('error', (error) => zip.destroy(error));
  return source.pipe(zip);
}

/** Takes the response out of Fastify's hands and sends its head. */
function openRaw(reply: FastifyReply, answer: BytesAnswer | StreamAnswer): RawResponse {
  reply.hijack();
  const raw = reply.raw as RawResponse;
  const headers = { ...headersOf(reply), ...COMMON, 'content-type': answer.contentType, ...answer.headers };
  (raw as ServerResponse).writeHead(answer.status, headers as Record<string, string>);
  return raw;
}

async function sendStream(reply: FastifyReply, answer: StreamAnswer, { signal }: RequestLife): Promise<void> {
  const raw = openRaw(reply, answer);
  (raw as ServerResponse).flushHeaders?.();
  const sink: AnswerSink = { write: (chunk) => write(raw, chunk) };
  try {
    await answer.stream(sink, signal);
  } catch (error) {
    if (!signal.aborted && !raw.destroyed) throw error;
  } finally {
    raw.end();
  }
}

/** The response stays with the connection, which tells it when it is over. */
async function sendUpgrade(reply: FastifyReply, answer: UpgradeAnswer, life: RequestLife): Promise<void> {
  reply.hijack();
  life.becomeStream();
  await answer.upgrade(life.signal);
}

const nowhere: AnswerSink = { write: () => undefined };

/** Tells what an answer would begin with. Node's HTTP/2 response must not be written to here: it would never end. */
async function sendHead(reply: FastifyReply, answer: BytesAnswer | StreamAnswer): Promise<void> {
  // What was opened for a stream is closed by who would have streamed it.
  if ('stream' in answer) await answer.stream(nowhere, AbortSignal.abort()).catch(() => undefined);
  await sendByFramework(reply, answer);
}

/** Sends an answer through Fastify; lists and streams are written with back-pressure. */
export function sendAnswer(
  reply: FastifyReply,
  answer: ApiAnswer,
  { gzip, life }: { readonly gzip: boolean; readonly life: RequestLife },
): Soon<void> {
  if ('upgrade' in answer) return sendUpgrade(reply, answer, life);
  if (!('stream' in answer)) return sendBytes(reply, answer, gzip, life);
  if (reply.request.method === 'HEAD') return sendHead(reply, answer);
  life.becomeStream();
  return sendStream(reply, answer, life);
}
