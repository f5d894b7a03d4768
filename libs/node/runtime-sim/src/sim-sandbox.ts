import type { DnsConfig, PodSandboxConfig, PodSandboxState, PodSandboxStatus } from '@binnacle/node-cri';
import type { Inhabitant } from './network/inhabitant.js';

/** One simulated Pod: an address and what runs at it. */
export interface SimSandbox {
  readonly id: string;
  readonly config: PodSandboxConfig;
  readonly createdAt: number;
  readonly self: Inhabitant;
  /** Its address is nobody's any more. */
  readonly leave: () => void;
  state: PodSandboxState;
}

/** The text of `/etc/resolv.conf`. */
function resolvConf({ servers, searches, options }: DnsConfig = { servers: [], searches: [], options: [] }): string {
  const lines = [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Where the kernel shows a setting. */
const sysctlPath = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`;

/** What containers find in a sandbox besides what is in their images. */
export function sandboxFiles({ config: { dns, sysctls = {} } }: SimSandbox): Record<string, string> {
  const settings = Object.entries(sysctls).map(([name, value]) => [sysctlPath(name), `${value}\n`]);
  return { '/etc/resolv.conf': resolvConf(dns), ...Object.fromEntries(settings) };
}

/** The node that a sandbox is made on. */
export type SandboxNode = Pick<Inhabitant, 'node' | 'hostIp'>;

export function inhabitantOf(
  { metadata, hostNetwork, labels, annotations }: PodSandboxConfig,
  ip: string,
  at: SandboxNode,
): Inhabitant {
  const { namespace, name, uid } = metadata;
  return { namespace, name, uid, ip, hostNetwork, labels, annotations, ...at };
}

export function sandboxStatus({ id, config, createdAt, self, state }: SimSandbox): PodSandboxStatus {
  const { metadata, labels, annotations } = config;
  return { id, metadata, state, createdAt, ip: config.hostNetwork ? '' : self.ip, labels, annotations };
}
