import { type IncomingHttpHeaders, type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { IMPERSONATION_PROTOCOL } from '@binnacle/machinery-live';
import type { Upgrade } from '@binnacle/process-streams';
import type { ApiAnswer } from '../request/api-request.js';
import type { UpgradeOutcome } from './kubelet-connection.js';
import { OF_THE_ORIGIN } from './origin-headers.js';

/** Of the headers of a request only these are the other side's affair. */
const PASSED = [
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'x-stream-protocol-version',
];
/** A browser's only way to show a token, and to say as whom it looks; both end here. */
const OURS = ['base64url.bearer.authorization.k8s.io.', IMPERSONATION_PROTOCOL];
const LONGEST_REFUSAL = 64 * 1024;
const LINGER_MILLISECONDS = 10_000;

const protocolsOfTheOther = (value: string): string =>
  value
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => !OURS.some((prefix) => protocol.startsWith(prefix)))
    .join(', ');

/** What of a request for another protocol is handed on. */
export function passedHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const passed: OutgoingHttpHeaders = {};
  for (const name of PASSED) {
    const value = headers[name];
    if (value !== undefined)
      passed[name] = name === 'sec-websocket-protocol' ? protocolsOfTheOther(String(value)) : value;
  }
  return passed;
}

function headOf({ head }: UpgradeOutcome): string {
  const { statusCode = 101, rawHeaders } = head;
  const lines = [`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!OF_THE_ORIGIN.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function refusalOf({ head }: UpgradeOutcome): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of head) {
    size += (chunk as Buffer).length;
    if (size > LONGEST_REFUSAL) break;
    chunks.push(chunk as Buffer);
  }
  const { statusCode: status = 500, headers } = head;
  return { status, contentType: headers['content-type'] ?? 'text/plain; charset=utf-8', body: chunks };
}

/** What was said last is still on its way; who does not hang up then loses the connection. */
function finish(client: Duplex): void {
  // What it still says is of no use; unread, its end would not be seen.
  client.unpipe();
  client.resume().end();
  if (client instanceof Socket) client.setTimeout(LINGER_MILLISECONDS, () => client.destroy());
}

/** Both ways, with each side held back by the other, until one of them is gone or the signal aborts. */
async function join(client: Duplex, backend: Duplex, signal: AbortSignal): Promise<void> {
  const end = (): void => {
    client.destroy();
    backend.destroy();
  };
  for (const socket of [client, backend]) socket.on('error', end);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const over = Promise.all([client, backend].map((socket) => closed(socket)));
  client.pipe(backend);
  backend.pipe(client);
  client.once('close', () => backend.destroy());
  backend.once('close', () => finish(client));
  await over;
  signal.removeEventListener('abort', end);
}

const closed = (socket: Duplex): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });

/** Hands the other side's answer on: its refusal as it is, or its connection. */
export async function relayUpgrade(
  client: Pick<Upgrade, 'socket' | 'head'>,
  outcome: UpgradeOutcome,
): Promise<ApiAnswer> {
  const { socket, first } = outcome;
  if (!socket) return await refusalOf(outcome);
  return {
    status: 101,
    contentType: '',
    async upgrade(signal) {
      client.socket.write(headOf(outcome));
      if (first && first.length > 0) client.socket.write(first);
      if (client.head.length > 0) socket.write(client.head);
      await join(client.socket, socket, signal);
    },
  };
}
