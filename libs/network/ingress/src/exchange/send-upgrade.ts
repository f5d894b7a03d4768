import { type IncomingMessage, request as httpRequest, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { dial } from '../upstream/dial.js';
import { speechOf } from '../upstream/connections.js';
import type { Connections } from '../upstream/connections.js';
import { ANSWERED, type Attempt, type Ending } from './attempt.js';
import { passedHeaders } from './headers.js';

const NONE: ReadonlySet<string> = new Set();

/** The connection of a client who wants to go on with another protocol, and what came with its request. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Lower case. */
  readonly protocol: string;
}

function switching(response: IncomingMessage, { finish }: Attempt): string {
  const headers = finish(passedHeaders(response.rawHeaders, NONE));
  const lines = [`HTTP/1.1 101 ${STATUS_CODES[101]}`, 'connection: Upgrade', `upgrade: ${response.headers.upgrade}`];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Carries bytes both ways until either side ends, or neither says anything for too long. */
function join(client: Duplex, upstream: Socket, silence: number): Promise<void> {
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const side of [client, upstream]) side.on('error', end).once('close', end);
  upstream.setTimeout(silence, end);
  client.pipe(upstream);
  upstream.pipe(client);
  return new Promise((resolve) => upstream.once('close', () => resolve()));
}

/** An endpoint that does not want to switch answers as it would any request. */
function answerPlainly(response: IncomingMessage, { answer, finish }: Attempt): void {
  answer.begin(response.statusCode ?? 502, finish(passedHeaders(response.rawHeaders, NONE)));
  answer.onDrained(() => response.resume());
  response.on('data', (chunk: Buffer) => {
    if (!answer.write(chunk)) response.pause();
  });
  response.once('end', () => answer.end());
  response.once('error', () => answer.breakOff());
}

/** Asks an endpoint to go on with another protocol, as WebSockets do. */
export async function sendUpgrade(attempt: Attempt, upgrade: Upgrade, connections: Connections): Promise<Ending> {
  const { arrival, answer, timeouts } = attempt;
  let socket: Socket;
  try {
    socket = await dial(attempt.wanted.endpoint, speechOf(attempt.wanted), connections.held);
  } catch (error) {
    return { kind: 'failed', error: error as Error, wasSent: false };
  }
  const request = httpRequest({
    createConnection: () => socket,
    method: arrival.method,
    path: attempt.target,
    headers: [...attempt.headers, 'connection', 'Upgrade', 'upgrade', upgrade.protocol] as never,
  });
  answer.onLeft(() => request.destroy());
  return await new Promise((resolve) => {
    request.setTimeout(timeouts.read, () => request.destroy(new Error('no answer in time')));
    request.once('error', (error) => resolve(answer.hasBegun ? ANSWERED : { kind: 'failed', error, wasSent: true }));
    request.once('response', (response) => {
      answerPlainly(response, attempt);
      response.once('close', () => resolve(ANSWERED));
    });
    request.once('upgrade', (response, upstream, head) => {
      answer.status = 101;
      upgrade.socket.write(switching(response, attempt));
      if (head.length > 0) upgrade.socket.write(head);
      if (upgrade.head.length > 0) upstream.write(upgrade.head);
      void join(upgrade.socket, upstream, Math.max(timeouts.read, timeouts.send)).then(() => resolve(ANSWERED));
    });
    request.end();
  });
}
