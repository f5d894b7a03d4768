import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import type { Finding } from './finding.js';

export interface WantedAddress {
  readonly host: string;
  /** 0 is any. */
  readonly port: number;
  readonly purpose: string;
  /** What chooses another. */
  readonly flag: string;
}

const TIMEOUT_MILLISECONDS = 2000;

function mendOf(code: string | undefined, { host, port, purpose, flag }: WantedAddress): string {
  const what = `${port ? `port ${port} on ` : ''}${host}, wanted for ${purpose},`;
  if (code === 'EADDRINUSE') return `${what} is taken; stop what uses it or choose another with ${flag}`;
  if (code === 'EADDRNOTAVAIL')
    return `${what} is no address of this machine; all of 127.0.0.0/8 must be on the loopback interface (macOS: sudo ifconfig lo0 alias ${host} up)`;
  if (code === 'EACCES') return `${what} may not be listened on by this account; choose a port above 1023 with ${flag}`;
  return `${what} cannot be listened on (${code ?? 'unknown error'}); choose another with ${flag}`;
}

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ host, port, exclusive: true });
  await once(server, 'listening');
  return server;
}

/** Whether it can be listened on. */
export async function bindable(wanted: WantedAddress): Promise<Finding> {
  try {
    (await listen(wanted.host, wanted.port)).close();
    return undefined;
  } catch (error) {
    return mendOf((error as NodeJS.ErrnoException).code, wanted);
  }
}

/** Whether what listens on loopback can be reached there: an interface that is down lets everybody listen and nobody talk. */
export async function loopbackCarries(): Promise<Finding> {
  const server = await listen('127.0.0.1', 0).catch(() => undefined);
  if (!server) return 'nothing can listen on 127.0.0.1; bring the loopback interface up: ip link set lo up';
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  socket.setTimeout(TIMEOUT_MILLISECONDS, () => socket.destroy(new Error('timeout')));
  try {
    await once(socket, 'connect');
    return undefined;
  } catch (error) {
    return `127.0.0.1 cannot be reached (${(error as Error).message}); bring the loopback interface up: ip link set lo up`;
  } finally {
    socket.destroy();
    server.close();
  }
}

/** The first that cannot be had. */
export async function firstTaken(wanted: readonly WantedAddress[]): Promise<Finding> {
  const findings = await Promise.all(wanted.map(bindable));
  return findings.find((finding) => finding !== undefined);
}
