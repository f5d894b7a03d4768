import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';

const LISTENING = '0A';

/** How many sockets listen at addresses of Services, as the kernel tells. */
export function openServices(): number {
  const lines = readFileSync('/proc/net/tcp', 'latin1').split('\n');
  // 127.96.x.y, written backwards.
  return lines.filter((line) => new RegExp(`^ *\\d+: [0-9A-F]{4}607F:[0-9A-F]{4} \\S+ ${LISTENING} `).test(line)).length;
}

/** A Pod that says its name to whoever connects. */
export async function pod(host: string, port: number, name: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(name));
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

/** What is said there; empty where nobody answers. */
export async function ask(host: string, port: number): Promise<string> {
  const socket = connect({ host, port });
  let said = '';
  try {
    for await (const chunk of socket) said += String(chunk);
  } catch {
    return '';
  }
  return said;
}
