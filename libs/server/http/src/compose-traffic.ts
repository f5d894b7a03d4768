import type { ObjectSource } from '@binnacle/server-registry';
import { type KubeletAddress, type KubeletClientTls, KubeletConnection } from './kubelet/kubelet-connection.js';
import { Proxies, whyNoProxy } from './traffic/proxies.js';
import { ofConnections, ofServices, TrafficSource } from './traffic/traffic-source.js';

/** What Services carry, which the proxies know that the server was told of. */
export function composeTraffic(
  tls: KubeletClientTls | undefined,
  addresses: readonly KubeletAddress[] = [],
): Readonly<Record<string, ObjectSource>> {
  const proxies = tls
    ? new Proxies(addresses, new KubeletConnection(tls, whyNoProxy))
    : { ask: () => Promise.resolve([]) };
  return {
    'networking.binnacle.dev/connections': new TrafficSource(ofConnections, proxies),
    'networking.binnacle.dev/servicetraffics': new TrafficSource(ofServices, proxies),
  };
}
