import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import type { StatusError } from '@binnacle/machinery-meta';
import { formatYaml } from '@binnacle/machinery-yaml';
import { closeStream } from '@binnacle/process-connections';
import { ANONYMOUS } from '@binnacle/server-auth';
import type { FastifyReply } from 'fastify';
import { contentTypeOf } from '../answer/object-answer.js';
import { type Encoding, statusFormat } from '../request/media-types.js';
import type { EnteredRequest } from './request-door.js';
import { headersOf, sayAll } from './said-headers.js';

/** Unread bodies up to this size are swallowed with the connection kept. */
const SMALL_BYTES = 64 * 1024;
/** Of a body whose request is refused so much is swallowed, for so long, so that its sender gets to see the answer. */
interface Swallowing {
  readonly bytes: number;
  readonly milliseconds: number;
  /** Whether a sender that goes on is left to wait until the time is up, and not cut off while it sends. */
  readonly waits: boolean;
}

const FOR_THE_KNOWN: Swallowing = { bytes: 16 * 1024 * 1024, milliseconds: 5_000, waits: false };
/** To decrypt what nobody in particular sends costs as much as to send it: of that next to nothing is read. */
const FOR_STRANGERS: Swallowing = { bytes: SMALL_BYTES, milliseconds: 1_000, waits: true };

function swallowingFor({ request }: FastifyReply): Swallowing {
  const { caller } = request as EnteredRequest;
  return !caller || caller.name === ANONYMOUS.name ? FOR_STRANGERS : FOR_THE_KNOWN;
}

function retryAfter({ details, code }: StatusError): Record<string, string> {
  const seconds = details?.retryAfterSeconds;
  if (seconds) return { 'retry-after': String(seconds) };
  return code === 429 || code === 503 ? { 'retry-after': '1' } : {};
}

function written(status: StatusError, format: Encoding['format']): string {
  const value = status.toStatus();
  return format === 'yaml' ? formatYaml(value, { sorted: true }) : `${JSON.stringify(value)}\n`;
}

/** A Status as it goes over the wire to who takes what `accept` says. */
export function statusBytes(status: StatusError, accept?: string): { headers: Record<string, string>; body: Buffer } {
  const format = statusFormat(accept);
  const headers = {
    'content-type': contentTypeOf({ format }),
    'cache-control': 'no-cache, private',
    'x-content-type-options': 'nosniff',
    ...retryAfter(status),
  };
  return { headers, body: Buffer.from(written(status, format)) };
}

/** Whether more of the body is to come than is worth waiting for. */
function isMuchUnread({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > SMALL_BYTES;
}

/** Swallows what still comes, within bounds, then calls `done` once. */
function swallow(source: Readable, within: Swallowing, done: () => void): void {
  let bytes = 0;
  const late = setTimeout(() => finish(), within.milliseconds);
  const finish = () => {
    clearTimeout(late);
    source.off('data', count).off('end', finish).off('close', finish);
    done();
  };
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= within.bytes) return;
    if (within.waits) source.pause();
    else finish();
  };
  source.on('error', () => undefined);
  source.on('data', count).once('end', finish).once('close', finish);
}

/** A connection that is closed while its client still sends is reset, and the client never sees the answer. */
function answerBeforeTheBody(reply: FastifyReply, status: StatusError): void {
  const { headers, body } = statusBytes(status, reply.request.headers.accept);
  reply.hijack();
  const response = reply.raw as ServerResponse<IncomingMessage>;
  const own = headersOf(reply);
  response.writeHead(status.code, { ...own, ...headers, 'content-length': body.length, connection: 'close' });
  response.write(body);
  swallow(response.req, swallowingFor(reply), () => response.end());
}

/**
 * Under HTTP/2 a client stops by itself when it has got the whole answer. To reset its stream at once would overtake the end
 * of that.
 */
function endStream({ stream }: Http2ServerRequest, within: Swallowing): void {
  if (stream.readableEnded || stream.destroyed || isEnded(stream)) return;
  swallow(stream, within, () => {
    // One that has sent all of its body is not reset: that could overtake the answer, and a kubectl waits for it for ever.
    if (!stream.readableEnded) closeStream(stream);
  });
}

/** Whether there never was a body; not among the types. */
const isEnded = (stream: ServerHttp2Stream): boolean =>
  (stream as unknown as { endAfterHeaders: boolean }).endAfterHeaders;

/** Answers a refusal, the rest of the body read or not. */
export function answerStatus(reply: FastifyReply, status: StatusError): void {
  const raw = reply.request.raw as IncomingMessage | Http2ServerRequest;
  if ('stream' in raw) {
    reply.removeHeader('connection');
    endStream(raw, swallowingFor(reply));
  } else if (isMuchUnread(raw) && !raw.headers.expect) return answerBeforeTheBody(reply, status);
  const { headers, body } = statusBytes(status, raw.headers.accept);
  void sayAll(reply).code(status.code).headers(headers).send(body);
}
