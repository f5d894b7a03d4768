import type { Made } from '../turns/requests.js';

/** How large the cluster is that is asked about. */
export interface Size {
  readonly services: number;
  /** Besides those. */
  readonly headless: number;
  readonly endpoints: number;
}

export const NAMESPACE = 'bench';
const MANAGER = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };

const ports = [{ name: 'http', port: 80, protocol: 'TCP' }];
const serviceAt = (name: string, spec: object): Made => ({
  path: `/api/v1/namespaces/${NAMESPACE}/services`,
  body: { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: NAMESPACE }, spec: { ports, ...spec } },
});

/** Addresses of Pods, each another. */
const address = (at: number): string => `10.244.${(at >> 8) & 255}.${at & 255}`;

function slice(service: string, at: number, endpoints: number, isHeadless: boolean): Made {
  const labels = { 'kubernetes.io/service-name': service, ...MANAGER };
  return {
    path: `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`,
    body: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${service}-slice`,
        namespace: NAMESPACE,
        labels: { ...labels, ...(isHeadless && { 'service.kubernetes.io/headless': '' }) },
      },
      addressType: 'IPv4',
      endpoints: Array.from({ length: endpoints }, (_, index) => ({
        addresses: [address(at * endpoints + index)],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: `node-${index}`,
        ...(isHeadless && { hostname: `pod-${index}` }),
      })),
      ports: ports.map((port) => ({ ...port, port: 8080 })),
    },
  };
}

/** Services and their slices, as controllers would keep them. */
export function* objectsOf({ services, headless, endpoints }: Size): Generator<Made> {
  for (let at = 0; at < services; at += 1) {
    yield serviceAt(`web-${at}`, {});
    yield slice(`web-${at}`, at, endpoints, false);
  }
  for (let at = 0; at < headless; at += 1) {
    yield serviceAt(`db-${at}`, { clusterIP: 'None' });
    yield slice(`db-${at}`, services + at, endpoints, true);
  }
}

export interface Question {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'SRV';
}

/** Of ten questions: what Pods ask along their search paths, of which some lead nowhere. */
const MIX: readonly ((web: string, db: string) => Question)[] = [
  (web) => ({ name: web, type: 'A' }),
  (web) => ({ name: web, type: 'A' }),
  (web) => ({ name: web, type: 'A' }),
  (web) => ({ name: web, type: 'A' }),
  (web) => ({ name: web, type: 'AAAA' }),
  (web) => ({ name: web, type: 'AAAA' }),
  (_, db) => ({ name: db, type: 'A' }),
  (_, db) => ({ name: `pod-1.${db}`, type: 'A' }),
  (_, db) => ({ name: `_http._tcp.${db}`, type: 'SRV' }),
  (web) => ({ name: `${web}.${NAMESPACE}.svc.cluster.local`, type: 'A' }),
];

/** So many questions, of all Services in turn. */
export function questionsOf({ services, headless }: Size, count: number): Question[] {
  const nameOf = (kind: string, at: number) => `${kind}-${at}.${NAMESPACE}.svc.cluster.local`;
  return Array.from({ length: count }, (_, at) => {
    const make = MIX[at % MIX.length] ?? MIX[0];
    if (!make) throw new Error('nothing is asked');
    return make(nameOf('web', (at * 7919) % services), nameOf('db', (at * 104_729) % headless));
  });
}
