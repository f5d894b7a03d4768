import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import { ANONYMOUS } from '@binnacle/server-auth';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BODY_LIMIT, type BodyBudget, type BodyShare, SMALL_BODY_LIMIT, tooLarge } from '../request/body-budget.js';
import { Deadlines } from '../request/deadlines.js';
import type { RequestLife } from '../request/request-life.js';
import type { EnteredRequest } from './request-door.js';

/** A body that is not there after so long is given up. */
const PATIENCE_MILLISECONDS = 30_000;
/** Names and passwords are sent at once. */
const SMALL_PATIENCE_MILLISECONDS = 5_000;
const SIGN_IN = /^\/auth\//;

interface Bounds {
  readonly limit: number;
  readonly patience: Deadlines;
}

const isFromNobody = ({ caller, url }: EnteredRequest): boolean =>
  !caller || caller.name === ANONYMOUS.name || SIGN_IN.test(url);

const tooSlow = () => new StatusError(408, 'Timeout', 'Timeout: the body of the request did not arrive in time');

interface Gathering extends Bounds {
  readonly share: BodyShare;
  readonly life: RequestLife;
}

/** Gathers what comes, up to the limit, for as long as the patience and the request last. */
function gather(source: Readable, { share, limit, patience, life }: Gathering): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isOver = false;
    const finish = (settle: () => void) => {
      isOver = true;
      cancel();
      stay();
      settle();
    };
    // Stays, so that nobody is surprised by what still goes wrong.
    const fail = (error: Error) => {
      if (isOver) return;
      // Whatever still comes is for whoever refuses the request.
      source.off('data', take).off('end', end);
      finish(() => {
        share.end();
        reject(error);
      });
    };
    const take = (chunk: Buffer) => {
      try {
        size += chunk.length;
        if (size > limit) throw tooLarge(limit);
        share.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        fail(error as Error);
      }
    };
    const end = () => finish(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    const cancel = patience.add(() => fail(tooSlow()));
    const stay = life.onEnd(() => fail(life.reason as Error));
    source.on('data', take).on('end', end).on('error', fail);
  });
}

/** Who waits to be told so before it sends its body, is told now that it is known and may ask. */
function invite(request: EnteredRequest, reply: FastifyReply): void {
  if (request.headers.expect) (reply.raw as ServerResponse<IncomingMessage>).writeContinue();
}

/** Reads the bodies of requests that have come through the door, each within what its caller may send. */
export class BodyReader {
  private readonly bounds: Bounds;
  private readonly small: Bounds;

  constructor(
    private readonly budget: BodyBudget,
    clock: Clock,
  ) {
    this.bounds = { limit: BODY_LIMIT, patience: new Deadlines(clock, PATIENCE_MILLISECONDS) };
    this.small = { limit: SMALL_BODY_LIMIT, patience: new Deadlines(clock, SMALL_PATIENCE_MILLISECONDS) };
  }

  /** Rejects with a StatusError. */
  async read(request: EnteredRequest, payload: Readable): Promise<Buffer> {
    const { life, caller, headers, entered } = request;
    if (!life || !entered) throw new Error('a body came past the door');
    const bounds = isFromNobody(request) ? this.small : this.bounds;
    const identity = (caller ?? ANONYMOUS).name;
    const length = Number(headers['content-length'] ?? 0);
    if (length > bounds.limit) throw tooLarge(bounds.limit);
    this.budget.check(identity, length);
    const share = this.budget.share(identity);
    life.release(() => share.end());
    invite(request, entered);
    if (life.reason) throw life.reason;
    // Under HTTP/2 from the stream itself: the request in front of it would hand on every piece once more.
    const source = (request.raw as { stream?: Readable }).stream ?? payload;
    return gather(source, { ...bounds, share, life });
  }
}

/**
 * Under HTTP/2 a body may come with neither its type nor its length, as from `kubectl create --raw`; Fastify reads only one that a
 * header speaks of.
 */
export function announceBody({ raw, headers }: FastifyRequest): void {
  const { stream } = raw as { stream?: { readonly endAfterHeaders: boolean } };
  if (!stream || stream.endAfterHeaders) return;
  if (headers['content-type'] === undefined && headers['content-length'] === undefined)
    headers['transfer-encoding'] = 'chunked';
}

/** Bodies reach the handlers as bytes, whatever their type: decoding is the API's own business. */
export function acceptAnyBody(fastify: FastifyInstance, reader: BodyReader): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (request, payload, done) => {
    reader.read(request, payload).then(
      (body) => done(null, body),
      (error: Error) => done(error),
    );
  });
}
