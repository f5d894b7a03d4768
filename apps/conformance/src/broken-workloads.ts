const FOREVER = ['not-ready', 'unreachable'].map((taint) => ({
  key: `node.kubernetes.io/${taint}`,
  operator: 'Exists',
}));
const SLEEP = ['sh', '-c', 'sleep 100000'];

interface Workload {
  readonly replicas: number;
  readonly command?: readonly string[];
  readonly pod?: object;
}

function deployment(namespace: string, name: string, { replicas, command = SLEEP, pod = {} }: Workload) {
  const labels = { app: name };
  const containers = [{ name: 'app', image: 'busybox', command }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers, ...pod } },
    },
  };
}

function service(name: string, spec: object) {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { ...PORT, ...spec } };
}

const PORT = { ports: [{ port: 80, targetPort: 8080 }] };
const namespaces = ['shop', 'search'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));

/** Workloads of which some are well and each of the others is ill in a way of its own. Ten replicas reach every node. */
export const brokenWorkloads = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    ...namespaces,
    deployment('shop', 'fleet-service-with-a-long-name-0', { replicas: 10, pod: { tolerations: FOREVER } }),
    deployment('search', 'fleet-service-with-a-long-name-1', { replicas: 10, pod: { tolerations: FOREVER } }),
    deployment('shop', 'pinned', {
      replicas: 2,
      pod: { nodeSelector: { 'kubernetes.io/hostname': 'worker-2' }, tolerations: FOREVER },
    }),
    deployment('shop', 'crashing', { replicas: 2, command: ['sh', '-c', 'echo no; exit 3'] }),
    deployment('shop', 'unplaced', { replicas: 1, pod: { nodeSelector: { no: 'where' } } }),
    service('good', { selector: { app: 'fleet-service-with-a-long-name-0' } }),
    service('dead', { selector: { app: 'crashing' } }),
    service('nobody', { selector: { app: 'nobody' } }),
    service('pinned', { selector: { app: 'pinned' } }),
    service('byhand', {}),
    service('outside', { type: 'ExternalName', externalName: 'example.com' }),
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'tight', namespace: 'shop' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'crashing' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'credentials', namespace: 'shop' },
      stringData: { password: 'b', user: 'a' },
    },
  ],
};
