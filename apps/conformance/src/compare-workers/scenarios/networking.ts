import { object, pod, service, template, unready, workload } from '../manifests.js';
import {
  at,
  has,
  type Json,
  make,
  patch,
  ready,
  remove,
  scale,
  type Scenario,
  settled,
  until,
  untilAll,
} from '../scenario.js';

const WEB = 'deployments.apps/web';
const web = (replicas: number, container: Json = {}) =>
  workload('Deployment', 'web', { replicas }, template('web', { container }));
const addresses = (count: number) =>
  untilAll(
    'endpointslices.discovery.k8s.io',
    (all) => all.reduce((sum, one) => sum + ((one.endpoints ?? []) as unknown[]).length, 0) === count,
  );
const ports = [
  { name: 'http', port: 80, targetPort: 'web' },
  { name: 'other', port: 81, targetPort: 8081, protocol: 'UDP' },
];

export const services: readonly Scenario[] = [
  { name: 'of Pods that are ready', steps: [make(service('web', {}), web(2)), ready(WEB, 2), addresses(2), settled] },
  {
    name: 'of Pods that come and go',
    steps: [
      make(service('web', {}), web(3)),
      ready(WEB, 3),
      addresses(3),
      scale(WEB, 1),
      ready(WEB, 1),
      addresses(1),
      settled,
    ],
  },
  {
    name: 'of Pods that are not ready',
    steps: [
      make(service('web', {}), web(2, unready)),
      addresses(2),
      untilAll('pods', (all) => all.every((one) => at(one, 'status.podIP'))),
      settled,
    ],
  },
  {
    name: 'also of Pods that are not ready',
    steps: [make(service('web', { publishNotReadyAddresses: true }), web(1, unready)), addresses(1), settled],
  },
  {
    name: 'of ports by name',
    steps: [
      make(service('web', { ports }), web(1, { ports: [{ name: 'web', containerPort: 8080 }] })),
      ready(WEB, 1),
      addresses(1),
      settled,
    ],
  },
  {
    name: 'of ports by name that some do not have',
    steps: [
      make(
        service('web', { ports }),
        web(1),
        pod('other', { labels: { app: 'web' }, container: { ports: [{ name: 'web', containerPort: 9090 }] } }),
      ),
      ready(WEB, 1),
      until('pods/other', has('Ready')),
      settled,
    ],
  },
  {
    name: 'without an address of its own',
    steps: [
      make(
        service('web', { clusterIP: 'None', ports: undefined }),
        pod('one', { labels: { app: 'web' }, spec: { hostname: 'one', subdomain: 'web' } }),
      ),
      until('pods/one', has('Ready')),
      addresses(1),
      settled,
    ],
  },
  {
    name: 'whose Pods are others now',
    steps: [
      make(service('web', {}), web(1), pod('other', { labels: { app: 'other' } })),
      ready(WEB, 1),
      addresses(1),
      patch('services/web', { spec: { selector: { app: 'other' } } }),
      until('pods/other', has('Ready')),
      addresses(1),
      settled,
    ],
  },
  {
    name: 'that is deleted',
    steps: [
      make(service('web', {}), web(1)),
      ready(WEB, 1),
      addresses(1),
      remove('services/web'),
      untilAll('endpointslices.discovery.k8s.io', (all) => all.length === 0),
      untilAll('endpoints', (all) => all.length === 0),
    ],
  },
  {
    name: 'whose Endpoints are kept by hand',
    steps: [
      make(
        service('web', { selector: undefined }),
        object('Endpoints', 'v1', 'web', {
          subsets: [
            {
              addresses: [{ ip: '192.0.2.7' }, { ip: '192.0.2.8' }],
              notReadyAddresses: [{ ip: '192.0.2.9' }],
              ports: [{ port: 80 }],
            },
          ],
        }),
      ),
      addresses(3),
      settled,
    ],
  },
  {
    name: 'of whom there are none',
    steps: [
      make(service('web', {})),
      until('endpoints/web', () => true),
      untilAll('endpointslices.discovery.k8s.io', (all) => all.length === 1),
      settled,
    ],
  },
  {
    name: 'that prefers what is near',
    steps: [
      make(service('web', { trafficDistribution: 'PreferSameZone' }), web(2)),
      ready(WEB, 2),
      addresses(2),
      settled,
    ],
  },
].map((one) => ({ field: 'Service', ...one }));
