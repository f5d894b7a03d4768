import { type WireAddress, wireHost } from '@binnacle/machinery-wire';

/** What is really dialled, and from where. */
export interface Dialled extends WireAddress {
  readonly localAddress?: string;
}

const isLoopback = (host: string): boolean => host.startsWith('127.');

/**
 * How somebody at an address of the wire dials one, to be met there under their own. What the operator opened beyond this machine
 * cannot be dialled from its loopback network.
 */
export function dialledFrom(ip: string, address: WireAddress): Dialled {
  const own = wireHost(ip);
  return isLoopback(address.host) && isLoopback(own) ? { ...address, localAddress: own } : address;
}
