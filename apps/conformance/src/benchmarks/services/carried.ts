import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

/** A Pod that says its name to whoever connects. */
export async function pod(host: string, port: number, name: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(name));
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

/** A packet that nobody answers is not waited for. */
const PATIENCE_MILLISECONDS = 250;

/** What is said there; empty where nobody answers. */
export async function ask(host: string, port: number): Promise<string> {
  const socket = connect({ host, port, timeout: PATIENCE_MILLISECONDS });
  socket.once('timeout', () => socket.destroy());
  let said = '';
  try {
    for await (const chunk of socket) said += String(chunk);
  } catch {
    return '';
  }
  return said;
}
