import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientOf } from './client-address.js';
import { json, SharedHttpServer, tcpPorts } from './http.js';
import type { Process, Program } from './program.js';

type Page = (process: Process, request: IncomingMessage, url: URL) => unknown;

/** The pages that test servers of this kind have. */
const PAGES: Readonly<Record<string, Page>> = {
  '/hostname': ({ identity }) => identity.hostname,
  '/hostName': ({ identity }) => identity.hostname,
  '/clientip': (_, { socket }) => clientOf(socket),
  '/echo': (_, __, url) => url.searchParams.get('msg') ?? '',
  '/healthz': () => 'ok',
  '/version': () => '2.53',
};

/** Upstream's own server takes no larger one. */
const LARGEST_CODE = 127;

function respond(process: Process, request: IncomingMessage, response: ServerResponse): void {
  const { url: path = '/' } = request;
  if (!URL.canParse(path, 'http://pod')) return void response.writeHead(400).end();
  const url = new URL(path, 'http://pod');
  const page = PAGES[url.pathname];
  if (page) return void response.end(String(page(process, request, url)));
  if (url.pathname === '/exit') {
    const code = Number(url.searchParams.get('code') ?? 0);
    const isCode = Number.isInteger(code) && code >= 0 && code <= LARGEST_CODE;
    response.writeHead(isCode ? 200 : 400).end();
    return isCode ? process.exit(code) : undefined;
  }
  const { identity } = process;
  json(response, { ...identity, request: { method: request.method, path: request.url, headers: request.headers } });
}

const server = new SharedHttpServer(respond);

/** Says who it is at its declared ports, and at 8080. */
export const whoami: Program = async (process) => {
  for (const port of tcpPorts(process, [8080])) {
    await process.listenTcp(port, (socket) => server.accept(process, socket));
  }
  const udp = process.config.ports
    .filter(({ protocol }) => protocol === 'UDP')
    .map(({ containerPort }) => containerPort);
  for (const port of new Set(udp)) {
    await process.listenUdp(port, (message, _, reply) => reply(datagram(process, message.toString())));
  }
  process.log('stdout', 'started\n');
  return { signalled: () => process.exit(0) };
};

function datagram({ identity }: Process, message: string): Buffer {
  const text = message.trim();
  if (text.toLowerCase() === 'hostname') return Buffer.from(identity.hostname);
  return Buffer.from(text.startsWith('echo ') ? text.slice(5) : '');
}
