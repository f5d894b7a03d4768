import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import { type Upgrade, UpgradeRefusal } from '@binnacle/process-streams';
import { HttpError } from '../http-error.js';
import { serveAttach, serveExec } from './serve-command.js';
import { servePortForward } from './serve-port-forward.js';
import type { StreamRequest } from './stream-request.js';
import type { StreamSource } from './stream-target.js';

/** As upstream's streamingConnectionIdleTimeout: nothing comes or goes for so long. */
const IDLE_MILLISECONDS = 4 * 60 * 60 * 1000;

const servers = { exec: serveExec, attach: serveAttach, portForward: servePortForward };

/** Serves what a request asks to be upgraded to. Rejects before anything is answered. */
export async function serveStream(
  ctx: Context,
  source: StreamSource,
  request: StreamRequest,
  upgrade: Upgrade,
): Promise<void> {
  const socket = upgrade.socket as Socket;
  socket.setTimeout(IDLE_MILLISECONDS, () => socket.destroy());
  await servers[request.kind](ctx, source, request, upgrade);
}

/** Answers a request that becomes no stream, as plain text. */
export function refuseStream({ socket }: Upgrade, error: unknown): void {
  if (socket.destroyed || !socket.writable) return;
  const known = error instanceof HttpError || error instanceof UpgradeRefusal;
  const { status, message } = known
    ? error
    : new HttpError(500, error instanceof Error ? error.message : String(error));
  const more = error instanceof UpgradeRefusal ? error.headers : {};
  const body = Buffer.from(`${message}\n`);
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(body.length),
    connection: 'close',
    ...more,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.on('error', () => undefined);
  socket.end(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n`), body]),
  );
}
