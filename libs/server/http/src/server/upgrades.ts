import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { Upgrade } from '@binnacle/process-streams';
import type { FastifyInstance } from 'fastify';

/** Who listens for upgrades beside this: GraphQL and Socket.IO, each on a path of its own. */
const UPGRADED_PATH = /^(?:\/clusters\/[^/?]+)?\/(?:graphql|socket\.io)(?:[/?]|$)/;

const connections = new WeakMap<object, Upgrade>();

/** The connection of a request for another protocol. */
export function connectionOf(request: object): Upgrade | undefined {
  return connections.get(request);
}

/** An answer on a connection that node has let go of; refused, it is over. */
function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end());
  return response;
}

/**
 * Requests for another protocol go the way of all others, through the same door: who may not is answered in plain HTTP. Node does
 * not count them among its requests.
 */
export function routeUpgrades(server: Http2SecureServer, fastify: FastifyInstance): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const isElsewhere = UPGRADED_PATH.test(request.url ?? '') && server.listenerCount('upgrade') > 1;
    if (isElsewhere) return;
    socket.on('error', () => socket.destroy());
    connections.set(request, { request, socket, head });
    fastify.routing(request, responseOn(request, socket));
  });
}
