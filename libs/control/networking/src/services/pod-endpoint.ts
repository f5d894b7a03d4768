import type { Pod, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import { isPodReady, isPodTerminal } from '@binnacle/control-workloads';

function namedPort({ spec }: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = [...(spec?.containers ?? []), ...sidecars].flatMap((container) => container.ports ?? []);
  return ports.find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** The number a service port means in this Pod; undefined where it names a container port that the Pod has not. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'string') return namedPort(pod, target, port.protocol ?? 'TCP');
  return target === 0 ? port.port : target;
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
