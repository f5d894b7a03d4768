export * from './networks.js';
export * from './source-ports.js';

/**
 * The loopback wire: how addresses of simulated Pods and of Services are carried on one machine. An address `10.b.c.d`
 * is really listened on and dialled as `127.b.c.d`, so everything from curl to kube-proxy uses the kernel's own
 * TCP and UDP without privileges or network set-up.
 */
export const WIRE_ANNOTATION = 'binnacle.dev/wire';
export const LOOPBACK_WIRE = 'loopback';

const LOWEST_UNPRIVILEGED_PORT = 1024;
const UNPRIVILEGED_OFFSET = 20_000;

export interface WireAddress {
  readonly host: string;
  readonly port: number;
}

/** The cluster's address that one of this machine carries: `10.b.c.d` for `127.b.c.d`; others stand for themselves. */
export function carriedAddress(host: string): string {
  return host.startsWith('127.') ? `10.${host.slice(4)}` : host;
}

/** Where an address of a cluster is really listened on and dialled: `127.b.c.d` for `10.b.c.d`; others stand for themselves. */
export function wireHost(ip: string): string {
  return ip.startsWith('10.') ? `127.${ip.slice(3)}` : ip;
}

/** Maps a Pod or Service address to where it really is; `privileged` says whether ports below 1024 may be opened. */
export function wireAddress(ip: string, port: number, privileged: boolean): WireAddress {
  const host = wireHost(ip);
  return { host, port: privileged || port >= LOWEST_UNPRIVILEGED_PORT ? port : port + UNPRIVILEGED_OFFSET };
}
