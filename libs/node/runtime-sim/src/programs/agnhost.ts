import type { IncomingMessage, ServerResponse } from 'node:http';
import { json, SharedHttpServer, tcpPorts } from './http.js';
import type { Process, Program } from './program.js';

type Page = (process: Process, request: IncomingMessage, url: URL) => unknown;

/** As the pages of upstream's test image of this name. */
const PAGES: Readonly<Record<string, Page>> = {
  '/hostname': ({ identity }) => identity.hostname,
  '/hostName': ({ identity }) => identity.hostname,
  '/clientip': (_, { socket }) => `${socket.remoteAddress}:${socket.remotePort}`,
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
const hostnameServer = new SharedHttpServer((process, _, response) => void response.end(process.identity.hostname));

function flag(words: readonly string[], name: string, fallback: number): number {
  const index = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const text = words[index]?.includes('=') ? words[index]?.split('=')[1] : words[index + 1];
  return index < 0 ? fallback : Number(text) || fallback;
}

/** Test servers by subcommand: `netexec`, `serve-hostname`, `pause`; without one, `netexec` on the declared ports. */
export const agnhost: Program = async (process) => {
  const words = [...process.config.command, ...process.config.args];
  const subcommand = words.find((word) => !word.startsWith('-') && !word.endsWith('agnhost')) ?? 'netexec';
  if (subcommand !== 'pause') {
    const shared = subcommand === 'serve-hostname' ? hostnameServer : server;
    const fallback = subcommand === 'serve-hostname' ? flag(words, 'port', 9376) : flag(words, 'http-port', 8080);
    for (const port of tcpPorts(process, [fallback])) {
      await process.listenTcp(port, (socket) => shared.accept(process, socket));
    }
    const udp = process.config.ports
      .filter(({ protocol }) => protocol === 'UDP')
      .map(({ containerPort }) => containerPort);
    for (const port of new Set([...udp, ...(subcommand === 'netexec' ? [flag(words, 'udp-port', 8081)] : [])])) {
      await process.listenUdp(port, (message, _, reply) => reply(datagram(process, message.toString())));
    }
  }
  process.log('stdout', `started ${subcommand}\n`);
  return { signalled: () => process.exit(0) };
};

function datagram({ identity }: Process, message: string): Buffer {
  const text = message.trim();
  if (text.toLowerCase() === 'hostname') return Buffer.from(identity.hostname);
  return Buffer.from(text.startsWith('echo ') ? text.slice(5) : '');
}
