import type { Container, ContainerPort, Pod, ServicePort } from '../index.js';

/** Those that serve: the main ones, and init containers that go on beside them. */
export function servingContainers({ spec }: Pod): readonly Container[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars];
}

/** What a Pod says it listens at; it need not be all. */
export const declaredPorts = (pod: Pod): readonly ContainerPort[] =>
  servingContainers(pod).flatMap(({ ports = [] }) => ports);

/**
 * The number a Service's port means in this Pod; undefined where it names a port that the Pod has not. Behaves as kubernetes
 * pkg/api/v1/pod FindPort.
 */
export function targetPort(
  pod: Pod,
  { port, targetPort: target = port, protocol = 'TCP' }: ServicePort,
): number | undefined {
  if (typeof target === 'number') return target === 0 ? port : target;
  return declaredPorts(pod).find((each) => each.name === target && (each.protocol ?? 'TCP') === protocol)
    ?.containerPort;
}
