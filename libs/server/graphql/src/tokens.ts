import type { IncomingHttpHeaders } from 'node:http';
import type { CallerContext } from '@binnacle/server-registry';
import type { HttpOperation } from './http-operation.js';

export const GRAPHQL_SERVICE = Symbol('GraphqlService');
export const GRAPHQL_IDENTIFY = Symbol('Identify');
export const GRAPHQL_HAND_OVER = Symbol('HandOver');
export const GRAPHQL_BROWSER = Symbol('Browser');
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
  headers(values: Readonly<Record<string, string | string[]>>): OutgoingAnswer;
  header(name: string, value: string | readonly string[]): OutgoingAnswer;
  send(body: Buffer): unknown;
}

/**
 * Authenticates a request. Rejects with Forbidden for a cookie without its CSRF header, with Unauthorized for nobody in particular,
 * but where people are: there somebody may accept an invitation.
 */
export type Identify = (request: IncomingOperation, reply: OutgoingAnswer) => Promise<CallerContext>;

/** By which browser it is asked. */
export type BrowserOf = (request: IncomingOperation) => HttpOperation['browser'];

/** Counts the bytes of an answer until its reader has them. Throws TooManyRequests for who has too many unread. */
export type HandOver = (ctx: CallerContext, request: IncomingOperation, bytes: number) => void;
