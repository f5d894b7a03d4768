import type { AskFor } from '@binnacle/server-auth';
import type { ObjectSource, Registry } from '@binnacle/server-registry';
import type { ApiServerConfig } from './compose-api-server.js';
import { type KubeletAddress, type KubeletClientTls, KubeletConnection } from './kubelet/kubelet-connection.js';
import { RequestTrials } from './traffic/request-trials.js';
import { Proxies, whyNoProxy } from './traffic/proxies.js';
import { ofConnections, ofServices, TrafficSource } from './traffic/traffic-source.js';

/** Those that the server was told of. Each asks by itself: what one waits for, others do not. */
function proxiesAt(tls: KubeletClientTls | undefined, addresses: readonly KubeletAddress[]): Pick<Proxies, 'ask'> {
  if (!tls) return { ask: () => Promise.resolve([]) };
  return new Proxies(addresses, new KubeletConnection(tls, whyNoProxy));
}

/** Who sends requests to Services, by way of the proxies. */
export function composeTrials(
  { kubeletClient, proxies = [] }: Pick<ApiServerConfig, 'kubeletClient' | 'proxies'>,
  registry: Registry,
  permit: AskFor,
): RequestTrials {
  return new RequestTrials(registry, permit, proxiesAt(kubeletClient, proxies));
}

/** What Services carry, which the proxies know that the server was told of. */
export function composeTraffic(
  tls: KubeletClientTls | undefined,
  addresses: readonly KubeletAddress[] = [],
): Readonly<Record<string, ObjectSource>> {
  const proxies = proxiesAt(tls, addresses);
  return {
    'networking.binnacle.dev/connections': new TrafficSource(ofConnections, proxies),
    'networking.binnacle.dev/servicetraffics': new TrafficSource(ofServices, proxies),
  };
}
