import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { DnsConfig } from '@binnacle/node-cri';
import { podNamespace } from '../pod/identity.js';

const CLUSTER_DOMAIN = 'cluster.local';
/** A node's own, which nothing simulated looks at. */
const NODE_DNS: DnsConfig = { servers: ['127.0.0.53'], searches: [], options: [] };
/** The address within the network of Services that clusters give their DNS. */
const DNS_HOST_PART = '10';

/** Where the cluster's DNS is: its Service, or where that would be. */
function serversOf(services: readonly Service[]): string[] {
  const address = (namespace: string, name: string) =>
    services.find(({ metadata }) => metadata?.name === name && metadata.namespace === namespace)?.spec?.clusterIP;
  const own = address('kube-system', 'kube-dns');
  if (own) return [own];
  const api = address('default', 'kubernetes');
  return api ? [api.replace(/\d+$/, DNS_HOST_PART)] : [];
}

function base(pod: Pod, services: readonly Service[]): DnsConfig {
  const { dnsPolicy = 'ClusterFirst', hostNetwork } = pod.spec ?? {};
  if (dnsPolicy === 'None') return { servers: [], searches: [], options: [] };
  const servers = serversOf(services);
  const isOfNode = dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && hostNetwork);
  if (isOfNode || servers.length === 0) return NODE_DNS;
  const searches = [`${podNamespace(pod)}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN];
  return { servers, searches, options: ['ndots:5'] };
}

const joined = (first: readonly string[], more: readonly string[] = []): string[] => [...new Set([...first, ...more])];

/** An option of the Pod replaces one of the same name. */
function options(first: readonly string[], more: readonly { name?: string; value?: string }[] = []): string[] {
  const given = more.map(({ name, value }) => (value === undefined ? `${name}` : `${name}:${value}`));
  const names = new Set(more.map(({ name }) => name));
  return [...first.filter((option) => !names.has(option.split(':')[0])), ...given];
}

/** How a Pod's containers resolve names. Behaves as kubernetes pkg/kubelet/network/dns GetPodDNS. */
export function dnsConfig(pod: Pod, services: readonly Service[]): DnsConfig {
  const { servers, searches, options: given } = base(pod, services);
  const own = pod.spec?.dnsConfig;
  return {
    servers: joined(servers, own?.nameservers),
    searches: joined(searches, own?.searches),
    options: options(given, own?.options),
  };
}
