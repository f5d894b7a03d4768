/**
 * Labels, annotations and taints that mean something to more than one part of the system, by the names upstream's constants
 * have (k8s.io/api/core/v1 well_known_labels.go, well_known_taints.go, annotation_key_constants.go).
 */

export const LABEL_HOSTNAME = 'kubernetes.io/hostname';
export const LABEL_TOPOLOGY_ZONE = 'topology.kubernetes.io/zone';
export const LABEL_TOPOLOGY_REGION = 'topology.kubernetes.io/region';
export const LABEL_OS_STABLE = 'kubernetes.io/os';
export const LABEL_ARCH_STABLE = 'kubernetes.io/arch';
export const LABEL_INSTANCE_TYPE_STABLE = 'node.kubernetes.io/instance-type';
export const LABEL_OS = 'beta.kubernetes.io/os';
export const LABEL_ARCH = 'beta.kubernetes.io/arch';
export const LABEL_INSTANCE_TYPE = 'beta.kubernetes.io/instance-type';
export const LABEL_FAILURE_DOMAIN_BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone';
export const LABEL_FAILURE_DOMAIN_BETA_REGION = 'failure-domain.beta.kubernetes.io/region';
/** What follows is a role of the node. */
export const LABEL_NODE_ROLE_PREFIX = 'node-role.kubernetes.io/';
export const LABEL_NODE_ROLE_CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** On a Namespace: its name. */
export const LABEL_METADATA_NAME = 'kubernetes.io/metadata.name';
/** On an EndpointSlice: the Service it is of. */
export const LABEL_SERVICE_NAME = 'kubernetes.io/service-name';
/** On Endpoints and EndpointSlices: their Service has no address of its own. */
export const LABEL_HEADLESS_SERVICE = 'service.kubernetes.io/headless';
/** On Endpoints: nobody mirrors them to EndpointSlices. */
export const LABEL_SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror';
/** On a Service: another proxy carries it. */
export const LABEL_SERVICE_PROXY_NAME = 'service.kubernetes.io/service-proxy-name';
/** On a ReplicaSet and its Pods: which template of their Deployment they have. */
export const LABEL_POD_TEMPLATE_HASH = 'pod-template-hash';
/** On a Pod of a StatefulSet: the name of its revision; on one of a DaemonSet, and on its revisions: the hash. */
export const LABEL_CONTROLLER_REVISION_HASH = 'controller-revision-hash';

export { ANNOTATION_LAST_APPLIED_CONFIG } from '@binnacle/machinery-meta';
/** In a Pod template: when `kubectl rollout restart` was last asked for. */
export const ANNOTATION_RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
/** On a Deployment and its ReplicaSets: the number of the revision. */
export const ANNOTATION_REVISION = 'deployment.kubernetes.io/revision';
/** On a Pod: those of lower cost go first when a ReplicaSet shrinks. */
export const ANNOTATION_POD_DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
/** On a Pod of an indexed Job, as an annotation and as a label: which index it is. */
export const JOB_COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';
/** On a Pod of a Job that counts failures of each index: how many there were before it, and how many more did not count. */
export const ANNOTATION_JOB_INDEX_FAILURE_COUNT = 'batch.kubernetes.io/job-index-failure-count';
export const ANNOTATION_JOB_INDEX_IGNORED_FAILURE_COUNT = 'batch.kubernetes.io/job-index-ignored-failure-count';
/** Keeps a Pod of a Job until its end has been counted. */
export const JOB_TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';
/** On a Pod: where the kubelet got it from, `file` or `api`. */
export const ANNOTATION_CONFIG_SOURCE = 'kubernetes.io/config.source';
/** On a static Pod: a hash of its manifest. */
export const ANNOTATION_CONFIG_HASH = 'kubernetes.io/config.hash';
/** On a Pod: it only mirrors a static Pod of that hash. */
export const ANNOTATION_CONFIG_MIRROR = 'kubernetes.io/config.mirror';

/** On a Node: its kubelet lets volumes be attached for it. */
export const ANNOTATION_MANAGED_ATTACH = 'volumes.kubernetes.io/controller-managed-attach-detach';

export const TAINT_NODE_NOT_READY = 'node.kubernetes.io/not-ready';
export const TAINT_NODE_UNREACHABLE = 'node.kubernetes.io/unreachable';
/** Somebody says that the node is off for certain: nothing of it is waited for. */
export const TAINT_NODE_OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
export const TAINT_NODE_UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
/** A node waits for its cloud to say what it is. */
export const TAINT_EXTERNAL_CLOUD_PROVIDER = 'node.cloudprovider.kubernetes.io/uninitialized';

/** Our own, on a static Pod: those of a higher number stop later when the whole node stops. */
export const ANNOTATION_STOP_ORDER = 'binnacle.dev/stop-order';
/** Our own, on a static Pod: how readily the kernel ends its processes where memory runs out, -1000 (never) to 1000 (first). */
export const ANNOTATION_OOM_SCORE_ADJ = 'binnacle.dev/oom-score-adj';
/** Our own, on a simulated Node: the name of the agent it was made for. */
export const LABEL_NODE_AGENT = 'binnacle.dev/node-agent';

/** On a StorageClass: claims that name no class get this one. The older name counts too. */
export const ANNOTATION_DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
export const ANNOTATION_BETA_DEFAULT_CLASS = 'storageclass.beta.kubernetes.io/is-default-class';
/** On an IngressClass: Ingresses that name no class get this one. */
export const ANNOTATION_DEFAULT_INGRESS_CLASS = 'ingressclass.kubernetes.io/is-default-class';
/** On an Ingress: the class, as it was said before there was a field for it. */
export const ANNOTATION_INGRESS_CLASS = 'kubernetes.io/ingress.class';
/** On a PersistentVolume or a claim: the class, as it was said before there was a field for it. */
export const ANNOTATION_BETA_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';
/** On a PersistentVolume: what to mount it with, as it was said before there was a field for it. */
export const ANNOTATION_MOUNT_OPTIONS = 'volume.beta.kubernetes.io/mount-options';
