import type { ResourceRef } from '@binnacle/machinery-meta';

export type { ResourceRef };

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
const batch = ref('batch', 'v1');
const history = ref('history.binnacle.dev', 'v1');
const scheduling = ref('scheduling.binnacle.dev', 'v1');
const metrics = ref('metrics.k8s.io', 'v1beta1');
const networking = ref('networking.k8s.io', 'v1');
const rbac = ref('rbac.authorization.k8s.io', 'v1');
const admission = ref('admissionregistration.k8s.io', 'v1');
const devices = ref('resource.k8s.io', 'v1');
const storage = ref('storage.k8s.io', 'v1');
const traffic = ref('networking.binnacle.dev', 'v1');
const usage = ref('usage.binnacle.dev', 'v1');
const flowControl = ref('flowcontrol.apiserver.k8s.io', 'v1');

/**
 * Every built-in resource, by plural name; `eventsV1` is the events.k8s.io view of `events`, and `horizontalpodautoscalersV1`
 * the older one of what is kept as version 2; `nodemetrics` and `podmetrics` are called as what they measure.
 */
export const refs = {
  componentstatuses: core('componentstatuses', 'ComponentStatus', 'Cluster'),
  configmaps: core('configmaps', 'ConfigMap'),
  endpoints: core('endpoints', 'Endpoints'),
  events: core('events', 'Event'),
  limitranges: core('limitranges', 'LimitRange'),
  namespaces: core('namespaces', 'Namespace', 'Cluster'),
  nodes: core('nodes', 'Node', 'Cluster'),
  persistentvolumeclaims: core('persistentvolumeclaims', 'PersistentVolumeClaim'),
  persistentvolumes: core('persistentvolumes', 'PersistentVolume', 'Cluster'),
  pods: core('pods', 'Pod'),
  podtemplates: core('podtemplates', 'PodTemplate'),
  replicationcontrollers: core('replicationcontrollers', 'ReplicationController'),
  resourcequotas: core('resourcequotas', 'ResourceQuota'),
  secrets: core('secrets', 'Secret'),
  serviceaccounts: core('serviceaccounts', 'ServiceAccount'),
  services: core('services', 'Service'),
  controllerrevisions: apps('controllerrevisions', 'ControllerRevision'),
  daemonsets: apps('daemonsets', 'DaemonSet'),
  deployments: apps('deployments', 'Deployment'),
  replicasets: apps('replicasets', 'ReplicaSet'),
  statefulsets: apps('statefulsets', 'StatefulSet'),
  horizontalpodautoscalers: ref('autoscaling', 'v2')('horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  nodemetrics: metrics('nodes', 'NodeMetrics', 'Cluster'),
  podmetrics: metrics('pods', 'PodMetrics'),
  horizontalpodautoscalersV1: ref('autoscaling', 'v1')('horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  cronjobs: batch('cronjobs', 'CronJob'),
  jobs: batch('jobs', 'Job'),
  mutatingadmissionpolicies: admission('mutatingadmissionpolicies', 'MutatingAdmissionPolicy', 'Cluster'),
  mutatingadmissionpolicybindings: admission(
    'mutatingadmissionpolicybindings',
    'MutatingAdmissionPolicyBinding',
    'Cluster',
  ),
  mutatingwebhookconfigurations: admission('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', 'Cluster'),
  validatingadmissionpolicies: admission('validatingadmissionpolicies', 'ValidatingAdmissionPolicy', 'Cluster'),
  validatingadmissionpolicybindings: admission(
    'validatingadmissionpolicybindings',
    'ValidatingAdmissionPolicyBinding',
    'Cluster',
  ),
  validatingwebhookconfigurations: admission(
    'validatingwebhookconfigurations',
    'ValidatingWebhookConfiguration',
    'Cluster',
  ),
  certificatesigningrequests: ref('certificates.k8s.io', 'v1')(
    'certificatesigningrequests',
    'CertificateSigningRequest',
    'Cluster',
  ),
  leases: ref('coordination.k8s.io', 'v1')('leases', 'Lease'),
  endpointslices: ref('discovery.k8s.io', 'v1')('endpointslices', 'EndpointSlice'),
  flowschemas: flowControl('flowschemas', 'FlowSchema', 'Cluster'),
  prioritylevelconfigurations: flowControl('prioritylevelconfigurations', 'PriorityLevelConfiguration', 'Cluster'),
  eventsV1: ref('events.k8s.io', 'v1')('events', 'Event'),
  ingresses: networking('ingresses', 'Ingress'),
  ingressclasses: networking('ingressclasses', 'IngressClass', 'Cluster'),
  ipaddresses: networking('ipaddresses', 'IPAddress', 'Cluster'),
  networkpolicies: networking('networkpolicies', 'NetworkPolicy'),
  servicecidrs: networking('servicecidrs', 'ServiceCIDR', 'Cluster'),
  clusterroles: rbac('clusterroles', 'ClusterRole', 'Cluster'),
  clusterrolebindings: rbac('clusterrolebindings', 'ClusterRoleBinding', 'Cluster'),
  roles: rbac('roles', 'Role'),
  rolebindings: rbac('rolebindings', 'RoleBinding'),
  runtimeclasses: ref('node.k8s.io', 'v1')('runtimeclasses', 'RuntimeClass', 'Cluster'),
  poddisruptionbudgets: ref('policy', 'v1')('poddisruptionbudgets', 'PodDisruptionBudget'),
  priorityclasses: ref('scheduling.k8s.io', 'v1')('priorityclasses', 'PriorityClass', 'Cluster'),
  deviceclasses: devices('deviceclasses', 'DeviceClass', 'Cluster'),
  resourceclaims: devices('resourceclaims', 'ResourceClaim'),
  resourceclaimtemplates: devices('resourceclaimtemplates', 'ResourceClaimTemplate'),
  resourceslices: devices('resourceslices', 'ResourceSlice', 'Cluster'),
  apiservices: ref('apiregistration.k8s.io', 'v1')('apiservices', 'APIService', 'Cluster'),
  csidrivers: storage('csidrivers', 'CSIDriver', 'Cluster'),
  csinodes: storage('csinodes', 'CSINode', 'Cluster'),
  csistoragecapacities: storage('csistoragecapacities', 'CSIStorageCapacity'),
  storageclasses: storage('storageclasses', 'StorageClass', 'Cluster'),
  volumeattachments: storage('volumeattachments', 'VolumeAttachment', 'Cluster'),
  volumeattributesclasses: storage('volumeattributesclasses', 'VolumeAttributesClass', 'Cluster'),
  changes: history('changes', 'Change'),
  connections: traffic('connections', 'Connection'),
  servicetraffics: traffic('servicetraffics', 'ServiceTraffic'),
  tlscertificates: traffic('tlscertificates', 'TLSCertificate'),
  decisions: scheduling('decisions', 'Decision'),
  nodeusages: usage('nodeusages', 'NodeUsage', 'Cluster'),
  podusages: usage('podusages', 'PodUsage'),
  workloadusages: usage('workloadusages', 'WorkloadUsage'),
} as const satisfies Record<string, ResourceRef>;

/** `v1` for the core group, `group/version` for the others. */
export function apiVersionOf(resource: Pick<ResourceRef, 'group' | 'version'>): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}
