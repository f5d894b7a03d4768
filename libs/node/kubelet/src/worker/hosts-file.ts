import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podHostname } from './container-config.js';

const HEADER = '# Kubernetes-managed hosts file.';
const HOST_HEADER = '# Kubernetes-managed hosts file (host network).';
const LOCAL = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::0\tip6-localnet',
  'fe00::0\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
];

/** The name of a Pod with a subdomain, in full. */
function fullName(pod: Pod): string | undefined {
  const { subdomain } = pod.spec ?? {};
  const hostname = podHostname(pod);
  return subdomain ? `${hostname}.${subdomain}.${pod.metadata?.namespace}.svc.cluster.local\t${hostname}` : hostname;
}

function aliases(pod: Pod): string[] {
  const given = pod.spec?.hostAliases ?? [];
  if (given.length === 0) return [];
  const lines = given.map(({ ip, hostnames = [] }) => [ip, ...hostnames].join('\t'));
  return ['', '# Entries added by HostAliases.', ...lines];
}

/** The text of `/etc/hosts` in a Pod's containers. Behaves as kubernetes pkg/kubelet managedHostsFileContent. */
export function hostsFile(pod: Pod, address: string, node: string): string {
  if (pod.spec?.hostNetwork) return [HOST_HEADER, node.trimEnd(), ...aliases(pod), ''].join('\n');
  return [HEADER, ...LOCAL, `${address}\t${fullName(pod)}`, ...aliases(pod), ''].join('\n');
}
