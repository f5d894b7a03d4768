import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import { type ApiProxy, isApiPath } from './api-proxy.js';
import { sendOffline } from './offline.js';
import type { Pages } from './pages.js';

/** Answered here: whether this program is well does not depend on the API server's health. */
const HEALTH_PATH = '/healthz/web';
const STOP_MILLISECONDS = 2_000;

function serve(ctx: Context, api: ApiProxy, pages: Pages, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '/';
  if (url === HEALTH_PATH) return void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  if (sendOffline(url, response)) return;
  if (isApiPath(url)) return api.request(request, response);
  pages.handle(request, response).catch((error: unknown) => {
    ctx.logger.error('page failed', { url, error });
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end('internal error\n');
  });
}

async function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  server.close();
  server.closeIdleConnections();
  // Sockets that were upgraded are no longer the HTTP server's; they would keep it open for ever.
  for (const socket of sockets) socket.destroy();
  const late = setTimeout(() => server.closeAllConnections(), STOP_MILLISECONDS);
  await once(server, 'close');
  clearTimeout(late);
}

interface FrontDoorOptions {
  readonly host: string;
  readonly port: number;
}

/** One address for the dashboard and the API. Serves until the context aborts; `listening` is told the port. */
export async function runFrontDoor(
  ctx: Context,
  api: ApiProxy,
  pages: Pages,
  options: FrontDoorOptions,
  listening: (port: number) => void,
): Promise<void> {
  const upgraded = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) =>
    serve(ctx, api, pages, request, response),
  );
  // Followed logs and watches are long requests, not slow ones.
  server.requestTimeout = 0;
  server.on('upgrade', (request, socket: Socket, head) => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy());
    api.upgrade(request, socket, head);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  listening((server.address() as AddressInfo).port);
  if (!ctx.signal.aborted) await once(ctx.signal, 'abort');
  await stop(server, upgraded);
  api.close();
  await pages.close();
}
