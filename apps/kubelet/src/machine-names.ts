import { hostname } from 'node:os';
import { join } from 'node:path';

interface NameFlags {
  readonly 'node-name': string;
  readonly 'cert-dir': string;
  readonly 'root-dir': string;
}

/** The node's name: the machine's, unless it is said. */
export const nameOf = (flags: Pick<NameFlags, 'node-name'>): string => flags['node-name'] || hostname().toLowerCase();

/** Where the certificates are that the kubelet got itself. */
export const certificatesOf = (flags: Omit<NameFlags, 'node-name'>): string =>
  flags['cert-dir'] || join(flags['root-dir'], 'pki');
