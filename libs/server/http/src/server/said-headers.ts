import type { FastifyReply } from 'fastify';

/** Headers an answer will have, whatever it is. */
export type SaidHeaders = Record<string, string | string[]>;

interface Speaking {
  said?: SaidHeaders | null;
}

/**
 * What is said of a request before there is an answer. It is kept beside the answer until that is sent: most answers go past the
 * framework, which would copy these headers twice.
 */
export function said(request: Speaking): SaidHeaders {
  return (request.said ??= {});
}

/** The headers of an answer that is sent past the framework. */
export function headersOf(reply: FastifyReply): SaidHeaders {
  return { ...(reply.getHeaders() as SaidHeaders), ...(reply.request as Speaking).said };
}

/** Hands them over to the framework, for an answer that it sends. */
export function sayAll(reply: FastifyReply): FastifyReply {
  return reply.headers((reply.request as Speaking).said ?? {});
}
