import type { IncomingHttpHeaders } from 'node:http';
import type { CallerContext } from '@binnacle/server-registry';

export const GRAPHQL_SERVICE = Symbol('GraphqlService');
export const GRAPHQL_IDENTIFY = Symbol('Identify');
export const GRAPHQL_HAND_OVER = Symbol('HandOver');
export const GRAPHQL_SOCKETS = Symbol('GraphqlSockets');

/** The part of Fastify's request that is used. */
export interface IncomingOperation {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
  readonly raw: unknown;
}

/** The part of Fastify's reply that is used. */
export interface OutgoingAnswer {
  code(status: number): OutgoingAnswer;
  headers(values: Readonly<Record<string, string>>): OutgoingAnswer;
  header(name: string, value: string | readonly string[]): OutgoingAnswer;
  send(body: Buffer): unknown;
}

/** Authenticates a request. Rejects with Unauthorized or, for a cookie without its CSRF header, Forbidden. */
export type Identify = (request: IncomingOperation, reply: OutgoingAnswer) => Promise<CallerContext>;

/** Counts the bytes of an answer until its reader has them. Throws TooManyRequests for who has too many unread. */
export type HandOver = (ctx: CallerContext, request: IncomingOperation, bytes: number) => void;
