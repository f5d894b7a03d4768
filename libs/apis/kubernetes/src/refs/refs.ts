/** How to address a resource. Plain data, so that clients need not load the rules of the kinds. */
export interface ResourceRef {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const ref =
  (group: string, version: string) =>
  (plural: string, kind: string, scope: 'Namespaced' | 'Cluster' = 'Namespaced'): ResourceRef => ({
    group,
    version,
    plural,
    kind,
    namespaced: scope === 'Namespaced',
  });

const core = ref('', 'v1');
const apps = ref('apps', 'v1');

/** Every built-in resource, by plural name; `eventsV1` is the events.k8s.io view of `events`. */
export const refs = {
  configmaps: core('configmaps', 'ConfigMap'),
  endpoints: core('endpoints', 'Endpoints'),
  events: core('events', 'Event'),
  limitranges: core('limitranges', 'LimitRange'),
  namespaces: core('namespaces', 'Namespace', 'Cluster'),
  nodes: core('nodes', 'Node', 'Cluster'),
  pods: core('pods', 'Pod'),
  podtemplates: core('podtemplates', 'PodTemplate'),
  replicationcontrollers: core('replicationcontrollers', 'ReplicationController'),
  resourcequotas: core('resourcequotas', 'ResourceQuota'),
  secrets: core('secrets', 'Secret'),
  serviceaccounts: core('serviceaccounts', 'ServiceAccount'),
  services: core('services', 'Service'),
  controllerrevisions: apps('controllerrevisions', 'ControllerRevision'),
  deployments: apps('deployments', 'Deployment'),
  replicasets: apps('replicasets', 'ReplicaSet'),
  leases: ref('coordination.k8s.io', 'v1')('leases', 'Lease'),
  endpointslices: ref('discovery.k8s.io', 'v1')('endpointslices', 'EndpointSlice'),
  eventsV1: ref('events.k8s.io', 'v1')('events', 'Event'),
  poddisruptionbudgets: ref('policy', 'v1')('poddisruptionbudgets', 'PodDisruptionBudget'),
  priorityclasses: ref('scheduling.k8s.io', 'v1')('priorityclasses', 'PriorityClass', 'Cluster'),
} as const satisfies Record<string, ResourceRef>;

/** `v1` for the core group, `group/version` for the others. */
export function apiVersionOf(resource: Pick<ResourceRef, 'group' | 'version'>): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}
