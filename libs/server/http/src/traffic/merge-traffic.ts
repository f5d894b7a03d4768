import type { PortTraffic, ServiceTraffic } from '@binnacle/apis-kubernetes/traffic/v1';
import type { PlacedPort } from './read-traffic.js';

const SUMS = ['active', 'total', 'failed', 'sentBytes', 'receivedBytes', 'notAdmitted', 'unanswered'] as const;

/** The same port as two proxies tell of it: each carries what it carries. */
function together(a: PortTraffic, b: PortTraffic): PortTraffic {
  const sums = Object.fromEntries(SUMS.map((name) => [name, a[name] + b[name]])) as Pick<
    PortTraffic,
    (typeof SUMS)[number]
  >;
  return { ...a, ...sums, endpoints: [...a.endpoints, ...b.endpoints] };
}

/** Ports by the Services they are of, and each once. */
export function mergeTraffic(placed: readonly PlacedPort[]): ServiceTraffic[] {
  const services = new Map<string, { readonly of: PlacedPort; readonly ports: Map<string, PortTraffic> }>();
  for (const one of placed) {
    const key = `${one.namespace}/${one.name}`;
    const service = services.get(key) ?? { of: one, ports: new Map<string, PortTraffic>() };
    services.set(key, service);
    const port = `${one.port.name}/${one.port.protocol}`;
    const known = service.ports.get(port);
    service.ports.set(port, known ? together(known, one.port) : one.port);
  }
  return [...services.values()].map(({ of: { namespace, name }, ports }) => ({
    apiVersion: 'networking.binnacle.dev/v1',
    kind: 'ServiceTraffic',
    metadata: { name, namespace },
    ports: [...ports.values()],
  }));
}
