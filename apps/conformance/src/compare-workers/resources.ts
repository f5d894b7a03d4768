export interface Place {
  readonly kind: string;
  /** Of its group and version. */
  readonly path: string;
  readonly namespaced: boolean;
}

const inNamespaces = (path: string, kinds: Readonly<Record<string, string>>, group = ''): [string, Place][] =>
  Object.entries(kinds).map(([plural, kind]) => [plural + group, { kind, path, namespaced: true }]);

const ofCluster = (path: string, plural: string, kind: string): [string, Place] => [
  plural,
  { kind, path, namespaced: false },
];

/** Every resource that scenarios name, as `plural` or `plural.group`. */
export const places: ReadonlyMap<string, Place> = new Map([
  ...inNamespaces('/api/v1', {
    pods: 'Pod',
    services: 'Service',
    endpoints: 'Endpoints',
    configmaps: 'ConfigMap',
    secrets: 'Secret',
    serviceaccounts: 'ServiceAccount',
    persistentvolumeclaims: 'PersistentVolumeClaim',
    replicationcontrollers: 'ReplicationController',
    resourcequotas: 'ResourceQuota',
    limitranges: 'LimitRange',
    events: 'Event',
  }),
  ...inNamespaces(
    '/apis/apps/v1',
    {
      deployments: 'Deployment',
      replicasets: 'ReplicaSet',
      statefulsets: 'StatefulSet',
      daemonsets: 'DaemonSet',
      controllerrevisions: 'ControllerRevision',
    },
    '.apps',
  ),
  ...inNamespaces('/apis/batch/v1', { jobs: 'Job', cronjobs: 'CronJob' }, '.batch'),
  ...inNamespaces('/apis/metrics.k8s.io/v1beta1', { pods: 'PodMetrics' }, '.metrics.k8s.io'),
  ...inNamespaces('/apis/autoscaling/v2', { horizontalpodautoscalers: 'HorizontalPodAutoscaler' }, '.autoscaling'),
  ...inNamespaces('/apis/policy/v1', { poddisruptionbudgets: 'PodDisruptionBudget' }, '.policy'),
  ...inNamespaces('/apis/discovery.k8s.io/v1', { endpointslices: 'EndpointSlice' }, '.discovery.k8s.io'),
  ofCluster('/api/v1', 'namespaces', 'Namespace'),
  ofCluster('/api/v1', 'nodes', 'Node'),
  ofCluster('/api/v1', 'persistentvolumes', 'PersistentVolume'),
  ofCluster('/apis/storage.k8s.io/v1', 'storageclasses.storage.k8s.io', 'StorageClass'),
  ofCluster('/apis/scheduling.k8s.io/v1', 'priorityclasses.scheduling.k8s.io', 'PriorityClass'),
]);

/** Events are on their own, and what is used is never twice the same. */
const LEFT_OUT = ['events', 'pods.metrics.k8s.io'];

/** Whose end state is compared. */
export const compared: readonly string[] = [...places]
  .filter(([name, { namespaced }]) => namespaced && !LEFT_OUT.includes(name))
  .map(([name]) => name);

function placeOf(resource: string): Place {
  const place = places.get(resource);
  if (!place) throw new Error(`no scenario knows where ${resource} are`);
  return place;
}

/** Where the objects of a resource are, in one namespace where they are in any. */
export function collection(resource: string, namespace: string): string {
  const { path, namespaced } = placeOf(resource);
  return `${path}/${namespaced ? `namespaces/${namespace}/` : ''}${resource.split('.')[0]}`;
}

/** Where `pods/web` is; `pods/other/web` is in the namespace `other`. */
export function address(target: string, namespace: string): string {
  const [resource = '', first = '', second] = target.split('/');
  return second === undefined
    ? `${collection(resource, namespace)}/${first}`
    : `${collection(resource, first)}/${second}`;
}

/** The resource of a kind. */
export function resourceOf(kind: string): string {
  const found = [...places].find(([, place]) => place.kind === kind);
  if (!found) throw new Error(`no scenario knows where a ${kind} is kept`);
  return found[0];
}
