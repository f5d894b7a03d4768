import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { isPodReady, isPodTerminal } from '@binnacle/control-workloads';

/** It has an address and containers that may serve. */
export function hasEndpoint(pod: Pod): boolean {
  return Boolean(pod.status?.podIP) && !isPodTerminal(pod);
}

/** The Pod's own name below the Service, which it has only when it asked for this very subdomain. */
export function endpointHostname(pod: Pod, service: Service): string | undefined {
  const { hostname, subdomain } = pod.spec ?? {};
  return hostname && subdomain === service.metadata.name ? hostname : undefined;
}

/** What of a Pod matters to the Services in front of it. */
function relevant(pod: Pod): unknown[] {
  const { nodeName, hostname, subdomain } = pod.spec ?? {};
  const { deletionTimestamp } = pod.metadata;
  return [pod.status?.podIP, isPodReady(pod), isPodTerminal(pod), deletionTimestamp, nodeName, hostname, subdomain];
}

export function endpointChanged(a: Pod, b: Pod): boolean {
  const before = relevant(a);
  return relevant(b).some((value, index) => value !== before[index]);
}

export function podReference(pod: Pod): { kind: string; namespace?: string; name?: string; uid?: string } {
  const { namespace, name, uid } = pod.metadata;
  return { kind: 'Pod', namespace, name, uid };
}
