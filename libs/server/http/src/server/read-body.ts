import type { Readable } from 'node:stream';
import { newRequestEntityTooLarge } from '@binnacle/machinery-meta';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export const BODY_LIMIT = 3 * 1024 * 1024;

type Done = (error: Error | null, body?: Buffer) => void;

/** Gathers what comes, up to the limit. */
function gather(source: Readable, done: Done): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const finish = (error: Error | null) => {
    source.off('data', take).off('end', end).off('error', finish);
    if (error) done(error);
    else done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
  };
  const take = (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > BODY_LIMIT) finish(newRequestEntityTooLarge(`limit is ${BODY_LIMIT}`));
  };
  const end = () => finish(null);
  source.on('data', take).on('end', end).on('error', finish);
}

function readBody({ raw, headers }: FastifyRequest, payload: Readable, done: Done): void {
  if (Number(headers['content-length']) > BODY_LIMIT) {
    done(newRequestEntityTooLarge(`limit is ${BODY_LIMIT}`));
    return;
  }
  // Under HTTP/2 from the stream itself: the request in front of it would hand on every piece once more.
  gather((raw as { stream?: Readable }).stream ?? payload, done);
}

/** Bodies reach the handlers as bytes, whatever their type: decoding is the API's own business. */
export function acceptAnyBody(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (request, payload, done) => readBody(request, payload, done));
}
