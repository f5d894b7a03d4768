import { HeldSocketServer, type Upgrade } from '@binnacle/process-streams';
import type { Process } from '../program.js';

const LARGEST_MESSAGE = 1024 * 1024;
const sockets = new HeldSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: LARGEST_MESSAGE,
});

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Sends each message of a WebSocket back, at `/ws`. */
export function echoMessages(_: Process, { request, socket, head }: Upgrade): void {
  socket.on('error', () => socket.destroy());
  if (request.url?.split('?')[0] !== '/ws') return void socket.end(BAD_REQUEST);
  sockets.handleUpgrade(request, socket, head, (client) => {
    client.on('error', () => client.terminate());
    client.on('message', (message: Buffer, isBinary) => client.send(isBinary ? message : message.toString()));
  });
}
