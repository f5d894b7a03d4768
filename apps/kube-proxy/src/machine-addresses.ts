import { networkInterfaces } from 'node:os';

/** This machine's IPv4 addresses that others can reach. */
export function machineAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}
