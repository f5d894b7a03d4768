import { type WireAddress, wireHost } from '@binnacle/machinery-wire';
import type { SocketAddress } from '@binnacle/node-cri';

const isLoopback = (host: string): boolean => host.startsWith('127.');

/**
 * How somebody at an address of the wire dials one, to be met there under their own. What the operator opened beyond this machine
 * cannot be dialled from its loopback network.
 */
export function dialledFrom(ip: string, address: WireAddress): SocketAddress {
  const own = wireHost(ip);
  return isLoopback(address.host) && isLoopback(own) ? { ...address, localAddress: own } : address;
}
