import { setMaxListeners } from 'node:events';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Context } from '@binnacle/machinery-context';
import { Agent, type Dispatcher } from 'undici';
import type { ClientConfig } from './config.js';
import { StreamSessions } from './stream-sessions.js';
import {
  ANSWER_MILLISECONDS,
  CONNECT_MILLISECONDS,
  failure,
  type Transport,
  type TransportAnswer,
  type TransportRequest,
} from './transport.js';

/** Enough to keep an API server on one machine busy; more sockets would only queue there instead of here. */
const REQUEST_CONNECTIONS = 32;
const KEEP_ALIVE_MILLISECONDS = 30_000;

function agentFor(config: ClientConfig, secureContext: SecureContext, connections: number | null): Agent {
  return new Agent({
    connections,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    headersTimeout: ANSWER_MILLISECONDS,
    bodyTimeout: connections === null ? 0 : ANSWER_MILLISECONDS,
    connect: {
      secureContext,
      servername: config.serverName,
      rejectUnauthorized: !config.insecureSkipTlsVerify,
      timeout: CONNECT_MILLISECONDS,
      keepAlive: true,
    },
  });
}

async function* guarded(ctx: Context, request: TransportRequest, body: AsyncIterable<Uint8Array>) {
  try {
    yield* body;
  } catch (error) {
    throw failure(ctx, request, error);
  }
}

function answerFrom(ctx: Context, request: TransportRequest, response: Dispatcher.ResponseData): TransportAnswer {
  return {
    status: response.statusCode,
    header: (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    text: async () => {
      try {
        return await response.body.text();
      } catch (error) {
        throw failure(ctx, request, error);
      }
    },
    chunks: () => guarded(ctx, request, response.body),
  };
}

export interface NodeTransport extends Transport {
  /** What is under way goes on to its end; resolves then, all connections closed. Nothing may be sent after this. */
  retire(): Promise<void>;
}

/**
 * TLS with client certificates over kept-alive connections. Streams share HTTP/2 connections of their own; without TLS, as in
 * tests, each has one.
 */
export function nodeTransport(config: ClientConfig): NodeTransport {
  // Parsing certificates costs milliseconds: once, not for every connection.
  const { ca, cert, key } = config;
  const secureContext = createSecureContext({ ca, cert, key });
  const requests = agentFor(config, secureContext, REQUEST_CONNECTIONS);
  const streams = agentFor(config, secureContext, null);
  const sessions = config.server.startsWith('https:') ? new StreamSessions(config, secureContext) : undefined;
  return {
    async send(ctx, request) {
      if (request.streaming && sessions) return sessions.send(ctx, request);
      const { method, path, headers, body, streaming } = request;
      // Without `reset: false` a DELETE with a body, which every one of ours has, would cost its connection.
      const target = { origin: config.server, method: method as Dispatcher.HttpMethod, path, reset: false };
      const options = { ...target, headers, body };
      try {
        ctx.signal.throwIfAborted();
        // Every request under way listens for the end of its context; hundreds are no leak.
        setMaxListeners(0, ctx.signal);
        const response = await (streaming ? streams : requests).request({ ...options, signal: ctx.signal });
        return answerFrom(ctx, request, response);
      } catch (error) {
        throw failure(ctx, request, error);
      }
    },
    async retire() {
      await Promise.all([sessions?.retire(), requests.close(), streams.close()]);
    },
    async close() {
      sessions?.close();
      await Promise.all([requests.destroy(), streams.destroy()]);
    },
  };
}
