import { networkInterfaces } from 'node:os';

const EVERY_ADDRESS = ['0.0.0.0', '::'];

/** The address to tell others of a server that listens on `host`: one of this machine's where it listens on all. */
export function reachableAddress(host: string): string {
  if (!EVERY_ADDRESS.includes(host)) return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  return outside?.address ?? '127.0.0.1';
}
