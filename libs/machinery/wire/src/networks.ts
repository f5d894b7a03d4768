/**
 * Whose the addresses of the wire are. The first /16 is where everything else of the machine listens, and its simulated nodes; up to
 * 10.95.255.255 each logical cluster besides `main` has a /20 of its own; what comes behind is `main`'s.
 */
export const CLUSTER_PREFIX = 20;
export const MACHINE_NETWORKS = 1;
export const FIRST_OF_MAIN = 96;

/** Of `main`, what Services may be given beside their own addresses, unless its programs are told otherwise. */
export const EXTERNAL_CIDR = '10.97.0.0/16';

const WIRE = /^(?:10|127)\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/;

function bytesOf(ip: string): readonly [second: number, third: number] | undefined {
  const [, second, third] = WIRE.exec(ip) ?? [];
  return second === undefined ? undefined : [Number(second), Number(third)];
}

/** Whether an address is one of the wire, as the cluster or as this machine writes it. */
export const isOfWire = (ip: string): boolean => bytesOf(ip) !== undefined;

/**
 * Whether a Service may have an address of the wire besides its own: never one of the machine's, nor another logical cluster's.
 * `network` is any address or range of the cluster's own network; undefined for `main`.
 */
export function mayBeExternal(ip: string, network?: string): boolean {
  const [second, third] = bytesOf(ip) ?? [0, 0];
  if (network === undefined) return second >= FIRST_OF_MAIN;
  const [ownSecond, ownThird] = bytesOf(network.replace(/\/.*/, '')) ?? [0, 0];
  const shift = 24 - CLUSTER_PREFIX;
  return second >= MACHINE_NETWORKS && second === ownSecond && third >> shift === ownThird >> shift;
}
