import type { Controller } from '@binnacle/client-controller';
import {
  attachDetachController,
  attacherController,
  attributesClassProtectionController,
  bootstrapSignerController,
  claimBinderController,
  claimProtectionController,
  clusterRoleAggregationController,
  csrApprovingController,
  csrCleanerController,
  csrSigningController,
  deleterController,
  deviceTaintEvictionController,
  disruptionController,
  ephemeralVolumesController,
  expanderController,
  garbageCollectorController,
  horizontalPodAutoscalerController,
  legacyTokenCleanerController,
  modifierController,
  namespaceDeletionController,
  nodeIpamController,
  nodeLifecycleController,
  nodeTtlController,
  podClaimsController,
  podGcController,
  provisionerController,
  resourceClaimsController,
  resourceQuotaController,
  rootCaController,
  serviceAccountController,
  type SignCertificate,
  type SignLegacyToken,
  staleTargetController,
  storageClassesController,
  taintEvictionController,
  tokenCleanerController,
  tokensController,
  validatingAdmissionPolicyStatusController,
  volumeBinderController,
  volumeProtectionController,
} from '@binnacle/control-cluster';
import {
  endpointSliceController,
  endpointSliceMirroringController,
  endpointsController,
  serviceCidrController,
} from '@binnacle/control-networking';
import {
  type ControllerDeps,
  cronJobController,
  daemonSetController,
  deploymentController,
  jobController,
  orphanPodsController,
  replicaSetController,
  replicationControllerController,
  statefulSetController,
  ttlAfterFinishedController,
} from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { type ControllerNames, selectControllers } from '@binnacle/process-config';

export interface ControllerSettings {
  /** Names of those that run; all that are on by default unless it is said. */
  readonly enabled?: ReadonlySet<string>;
  readonly clusterCidr: string;
  /** PEM of the cluster's authority, published to every namespace. */
  readonly ca: string;
  /** Milliseconds without a heartbeat after which a node counts as unreachable. */
  readonly nodeMonitorGrace: number;
  readonly terminatedPodThreshold: number;
  /** Milliseconds without use after which a token that was made for an account is not believed any more; a year unless it is said. */
  readonly legacyTokensUnusedFor?: number;
  /** Signs the tokens that Secrets ask for; without it they are left as they are. */
  readonly signToken?: SignLegacyToken;
  /** Signs certificates that were approved; without it they wait. */
  readonly signCertificate?: SignCertificate;
}

const YEAR = 365 * 86_400_000;

interface Named extends ControllerNames {
  /** The loops of a controller; none where what they need was not set. */
  make(ctx: Context, deps: ControllerDeps, settings: ControllerSettings): readonly Controller[];
}

const workloads: readonly Named[] = [
  { name: 'replicaset-controller', aliases: ['replicaset'], make: (ctx, deps) => [replicaSetController(ctx, deps)] },
  {
    name: 'replicationcontroller-controller',
    aliases: ['replicationcontroller'],
    make: (ctx, deps) => [replicationControllerController(ctx, deps)],
  },
  { name: 'deployment-controller', aliases: ['deployment'], make: (ctx, deps) => [deploymentController(ctx, deps)] },
  { name: 'statefulset-controller', aliases: ['statefulset'], make: (ctx, deps) => [statefulSetController(ctx, deps)] },
  { name: 'daemonset-controller', aliases: ['daemonset'], make: (ctx, deps) => [daemonSetController(ctx, deps)] },
  {
    name: 'job-controller',
    aliases: ['job'],
    make: (ctx, deps) => [jobController(ctx, deps), orphanPodsController(deps)],
  },
  { name: 'cronjob-controller', aliases: ['cronjob'], make: (ctx, deps) => [cronJobController(ctx, deps)] },
  {
    name: 'ttl-after-finished-controller',
    aliases: ['ttl-after-finished'],
    make: (_, deps) => [ttlAfterFinishedController(deps)],
  },
];

const networking: readonly Named[] = [
  {
    name: 'endpointslice-controller',
    aliases: ['endpointslice'],
    make: (ctx, deps) => [endpointSliceController(ctx, deps)],
  },
  {
    name: 'endpointslice-mirroring-controller',
    aliases: ['endpointslicemirroring'],
    make: (ctx, deps) => [endpointSliceMirroringController(ctx, deps)],
  },
  { name: 'endpoints-controller', aliases: ['endpoint'], make: (ctx, deps) => [endpointsController(ctx, deps)] },
  { name: 'service-cidr-controller', make: (ctx, deps) => [serviceCidrController(ctx, deps)] },
];

const nodes: readonly Named[] = [
  {
    name: 'node-ipam-controller',
    aliases: ['nodeipam'],
    make: (ctx, deps, { clusterCidr }) => [nodeIpamController(ctx, deps, clusterCidr)],
  },
  {
    name: 'node-lifecycle-controller',
    aliases: ['nodelifecycle'],
    make: (ctx, deps, { nodeMonitorGrace }) => [nodeLifecycleController(ctx, deps, nodeMonitorGrace)],
  },
  { name: 'taint-eviction-controller', make: (ctx, deps) => [taintEvictionController(ctx, deps)] },
  {
    name: 'pod-garbage-collector-controller',
    aliases: ['podgc'],
    make: (ctx, deps, { terminatedPodThreshold }) => [podGcController(ctx, deps, terminatedPodThreshold)],
  },
  { name: 'ttl-controller', aliases: ['ttl'], make: (_, deps) => [nodeTtlController(deps)] },
];

const identities: readonly Named[] = [
  {
    name: 'serviceaccount-token-controller',
    aliases: ['serviceaccount-token'],
    make: (_, deps, { signToken: sign, ca }) => (sign ? [tokensController(deps, { sign, ca })] : []),
  },
  {
    name: 'legacy-serviceaccount-token-cleaner-controller',
    aliases: ['legacy-service-account-token-cleaner'],
    make: (_, deps, { legacyTokensUnusedFor: unusedFor = YEAR }) => [legacyTokenCleanerController(deps, unusedFor)],
  },
  {
    name: 'serviceaccount-controller',
    aliases: ['serviceaccount'],
    make: (_, deps) => [serviceAccountController(deps)],
  },
  {
    name: 'root-ca-certificate-publisher-controller',
    aliases: ['root-ca-cert-publisher'],
    make: (_, deps, { ca }) => [rootCaController(deps, ca)],
  },
  {
    name: 'clusterrole-aggregation-controller',
    aliases: ['clusterrole-aggregation'],
    make: (_, deps) => [clusterRoleAggregationController(deps)],
  },
  {
    name: 'certificatesigningrequest-signing-controller',
    aliases: ['csrsigning'],
    make: (_, deps, { signCertificate: sign }) => (sign ? [csrSigningController(deps, sign)] : []),
  },
  {
    name: 'certificatesigningrequest-approving-controller',
    aliases: ['csrapproving'],
    make: (_, deps) => [csrApprovingController(deps)],
  },
  {
    name: 'certificatesigningrequest-cleaner-controller',
    aliases: ['csrcleaner'],
    make: (_, deps) => [csrCleanerController(deps)],
  },
  {
    name: 'bootstrap-signer-controller',
    aliases: ['bootstrapsigner'],
    offByDefault: true,
    make: (_, deps) => [bootstrapSignerController(deps)],
  },
  {
    name: 'token-cleaner-controller',
    aliases: ['tokencleaner'],
    offByDefault: true,
    make: (_, deps) => [tokenCleanerController(deps)],
  },
];

const upkeep: readonly Named[] = [
  { name: 'namespace-controller', aliases: ['namespace'], make: (_, deps) => [namespaceDeletionController(deps)] },
  {
    name: 'garbage-collector-controller',
    aliases: ['garbagecollector'],
    make: (ctx, { client }) => [garbageCollectorController(ctx, client)],
  },
  {
    name: 'disruption-controller',
    aliases: ['disruption'],
    make: (ctx, deps) => [disruptionController(ctx, deps), staleTargetController(deps)],
  },
  {
    name: 'resourcequota-controller',
    aliases: ['resourcequota'],
    make: (ctx, deps) => [resourceQuotaController(ctx, deps)],
  },
  {
    name: 'validatingadmissionpolicy-status-controller',
    make: (_, deps) => [validatingAdmissionPolicyStatusController(deps)],
  },
  {
    name: 'horizontal-pod-autoscaler-controller',
    aliases: ['horizontalpodautoscaling'],
    make: (ctx, deps) => [horizontalPodAutoscalerController(ctx, deps)],
  },
];

/** Provisioner, deleter, attacher, modifier and classes are none of upstream's: they stand for a driver that would run beside the cluster. */
const volumes: readonly Named[] = [
  {
    name: 'persistentvolume-binder-controller',
    aliases: ['persistentvolume-binder'],
    make: (ctx, deps) => [claimBinderController(ctx, deps), volumeBinderController(ctx, deps)],
  },
  {
    name: 'persistentvolume-attach-detach-controller',
    aliases: ['attachdetach'],
    make: (ctx, deps) => [attachDetachController(ctx, deps)],
  },
  {
    name: 'persistentvolume-expander-controller',
    aliases: ['persistentvolume-expander'],
    make: (ctx, deps) => [expanderController(ctx, deps)],
  },
  {
    name: 'persistentvolumeclaim-protection-controller',
    aliases: ['pvc-protection'],
    make: (_, deps) => [claimProtectionController(deps)],
  },
  {
    name: 'persistentvolume-protection-controller',
    aliases: ['pv-protection'],
    make: (_, deps) => [volumeProtectionController(deps)],
  },
  {
    name: 'volumeattributesclass-protection-controller',
    make: (_, deps) => [attributesClassProtectionController(deps)],
  },
  {
    name: 'ephemeral-volume-controller',
    aliases: ['ephemeral-volume'],
    make: (ctx, deps) => [ephemeralVolumesController(ctx, deps)],
  },
  {
    name: 'volume-provisioner-controller',
    make: (ctx, deps) => [
      provisionerController(ctx, deps),
      deleterController(deps),
      attacherController(deps),
      modifierController(ctx, deps),
      storageClassesController(deps),
    ],
  },
];

const devices: readonly Named[] = [
  {
    name: 'resourceclaim-controller',
    make: (ctx, deps) => [podClaimsController(ctx, deps), resourceClaimsController(deps)],
  },
  { name: 'device-taint-eviction-controller', make: (ctx, deps) => [deviceTaintEvictionController(ctx, deps)] },
];

/** Every controller there is: the bill of materials of this program. */
export const CONTROLLERS: readonly Named[] = [
  ...identities,
  ...workloads,
  ...networking,
  ...nodes,
  ...upkeep,
  ...volumes,
  ...devices,
];

/**
 * Names of upstream's that may be said and start nothing: of clouds, or of kinds that Kubernetes 1.36 does not serve unless a
 * feature gate is opened.
 */
export const ABSENT: readonly ControllerNames[] = [
  { name: 'service-lb-controller', aliases: ['service'] },
  { name: 'node-route-controller', aliases: ['route'] },
  { name: 'cloud-node-lifecycle-controller', aliases: ['cloud-node-lifecycle'] },
  { name: 'podcertificaterequest-cleaner-controller' },
  { name: 'podgroup-protection-controller' },
  { name: 'kube-apiserver-serving-clustertrustbundle-publisher-controller' },
  { name: 'storageversion-garbage-collector-controller', aliases: ['storage-version-gc'] },
  { name: 'storage-version-migrator-controller', aliases: ['svm'] },
  { name: 'resourcepoolstatusrequest-controller' },
  { name: 'selinux-warning-controller', offByDefault: true },
];

/** The loops of all controllers that run. */
export function allControllers(ctx: Context, deps: ControllerDeps, settings: ControllerSettings): Controller[] {
  const { enabled = selectControllers('*', CONTROLLERS) } = settings;
  return CONTROLLERS.filter(({ name }) => enabled.has(name)).flatMap(({ make }) => make(ctx, deps, settings));
}
