import type { Pod, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import { isPodReady, isPodTerminal } from '@binnacle/control-workloads';

/** The number a service port means in this Pod; undefined where it names a container port that the Pod has not. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  const protocol = port.protocol ?? 'TCP';
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const found = container.ports?.find(({ name, protocol: own }) => name === target && (own ?? 'TCP') === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}

/** It has an address and containers that may serve. */
export function hasEndpoint(pod: Pod): boolean {
  return Boolean(pod.status?.podIP) && !isPodTerminal(pod);
}

/** The Pod's own name below the Service, which it has only when it asked for this very subdomain. */
export function endpointHostname(pod: Pod, service: Service): string | undefined {
  const { hostname, subdomain } = pod.spec ?? {};
  return hostname && subdomain === service.metadata.name ? hostname : undefined;
}

/** Nothing else of a Pod matters to the Services in front of it. */
export function endpointChanged(a: Pod, b: Pod): boolean {
  return (
    a.status?.podIP !== b.status?.podIP ||
    isPodReady(a) !== isPodReady(b) ||
    isPodTerminal(a) !== isPodTerminal(b) ||
    a.metadata.deletionTimestamp !== b.metadata.deletionTimestamp ||
    a.spec?.nodeName !== b.spec?.nodeName ||
    a.spec?.hostname !== b.spec?.hostname ||
    a.spec?.subdomain !== b.spec?.subdomain
  );
}

export function podReference(pod: Pod): { kind: string; namespace?: string; name?: string; uid?: string } {
  const { namespace, name, uid } = pod.metadata;
  return { kind: 'Pod', namespace, name, uid };
}
