import type { IncomingMessage } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Duplex } from 'node:stream';
import { newUnknownPath } from '@binnacle/machinery-meta';

/** The API's own paths; upgrades elsewhere, to GraphQL or Socket.IO, are for those who listen there. */
const API_PATH = /^(\/clusters\/[^/]+)?\/apis?(\/|$)/;

function refuse(socket: Duplex): void {
  const body = `${JSON.stringify(newUnknownPath().toStatus())}\n`;
  const head = [
    'HTTP/1.1 404 Not Found',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * Answers attempts to open a stream to a Pod (exec, attach, port-forward), which no resource here serves. Without an
 * answer a client would wait for ever, because somebody else listens for upgrades on the same port.
 */
export function refuseUpgrades(server: Http2SecureServer): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (API_PATH.test(request.url ?? '')) refuse(socket);
  });
}
