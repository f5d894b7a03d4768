import { isIPv4 } from 'node:net';
import type { IsApiServer } from '@binnacle/network-proxy';
import { machineAddresses } from './machine-addresses.js';

const LOOPBACK = '127.0.0.1';

const isOfMachine = (address: string): boolean => address === LOOPBACK || machineAddresses().includes(address);

/**
 * Tells addresses of the API server at this URL: its host's, and this machine's, at its port. Others that share its state are
 * reached where they are nodes, as any endpoint.
 */
export function apiServerAt(server: string): IsApiServer {
  const { hostname, port, protocol } = new URL(server);
  const known = Number(port) || (protocol === 'https:' ? 443 : 80);
  const host = isIPv4(hostname) ? hostname : LOOPBACK;
  return (address, at) => at === known && (address === host || isOfMachine(address));
}
