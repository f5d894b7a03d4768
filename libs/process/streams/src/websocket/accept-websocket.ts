import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { HeldSocketServer } from './held-socket.js';

/** A request that asks for another protocol, with its connection and what has come of it already. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Bytes of one message at most; clients send pieces of 32 KiB. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;

const listOf = (value: string | string[] | undefined): string[] =>
  [value ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter(Boolean);

/** The subprotocols a client offers, in its order. */
export const protocolsOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string[] =>
  listOf(headers['sec-websocket-protocol']);

const asksFor = ({ headers }: Pick<IncomingMessage, 'headers'>, protocol: string): boolean =>
  listOf(headers.connection).some((word) => word.toLowerCase() === 'upgrade') &&
  listOf(headers.upgrade).some((word) => word.toLowerCase() === protocol);

/** Whether a request asks for a connection of that protocol: `websocket`, `spdy/3.1`. */
export function isUpgradeTo(request: Pick<IncomingMessage, 'headers'>, protocol: string): boolean {
  return asksFor(request, protocol);
}

/**
 * Accepts a WebSocket that speaks `protocol`; without one none was asked for. It is paused. What is no WebSocket is refused on the
 * connection, and undefined answered.
 */
export function acceptWebSocket({ request, socket, head }: Upgrade, protocol = ''): Promise<WebSocket | undefined> {
  const server = new HeldSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE,
  });
  // `SPDY/3.1+…` is no token, and so no protocol to the library.
  delete request.headers['sec-websocket-protocol'];
  if (protocol) server.on('headers', (lines) => void lines.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve) => {
    socket.once('close', () => resolve(undefined));
    server.handleUpgrade(request, socket, head, (accepted) => {
      // Until somebody listens; what has come already would be lost.
      accepted.pause();
      resolve(accepted);
    });
  });
}
