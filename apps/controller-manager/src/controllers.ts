import type { Controller } from '@binnacle/client-controller';
import {
  attributesClassProtectionController,
  claimBinderController,
  claimProtectionController,
  deleterController,
  clusterRoleAggregationController,
  csrCleanerController,
  disruptionController,
  ephemeralVolumesController,
  expanderController,
  garbageCollectorController,
  horizontalPodAutoscalerController,
  namespaceDeletionController,
  nodeIpamController,
  nodeLifecycleController,
  nodeTtlController,
  podGcController,
  provisionerController,
  resourceQuotaController,
  rootCaController,
  serviceAccountController,
  staleTargetController,
  storageClassesController,
  type SignLegacyToken,
  taintEvictionController,
  tokensController,
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
  daemonSetController,
  cronJobController,
  deploymentController,
  jobController,
  orphanPodsController,
  replicaSetController,
  replicationControllerController,
  statefulSetController,
  ttlAfterFinishedController,
} from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';

export interface ControllerSettings {
  readonly clusterCidr: string;
  /** PEM of the cluster's authority, published to every namespace. */
  readonly ca: string;
  /** Milliseconds without a heartbeat after which a node counts as unreachable. */
  readonly nodeMonitorGrace: number;
  readonly terminatedPodThreshold: number;
  /** Signs the tokens that Secrets ask for; without it they are left as they are. */
  readonly signToken?: SignLegacyToken;
}

/** Every controller there is: the bill of materials of this program. */
export function allControllers(ctx: Context, deps: ControllerDeps, settings: ControllerSettings): Controller[] {
  const { signToken: sign, ca } = settings;
  return [
    ...(sign ? [tokensController(deps, { sign, ca })] : []),
    replicaSetController(ctx, deps),
    replicationControllerController(ctx, deps),
    deploymentController(ctx, deps),
    statefulSetController(ctx, deps),
    daemonSetController(ctx, deps),
    jobController(ctx, deps),
    orphanPodsController(deps),
    cronJobController(ctx, deps),
    ttlAfterFinishedController(deps),
    endpointSliceController(ctx, deps),
    endpointSliceMirroringController(ctx, deps),
    endpointsController(ctx, deps),
    serviceCidrController(ctx, deps),
    serviceAccountController(deps),
    rootCaController(deps, settings.ca),
    nodeIpamController(ctx, deps, settings.clusterCidr),
    nodeLifecycleController(ctx, deps, settings.nodeMonitorGrace),
    taintEvictionController(ctx, deps),
    podGcController(ctx, deps, settings.terminatedPodThreshold),
    namespaceDeletionController(deps),
    garbageCollectorController(ctx, deps.client),
    disruptionController(ctx, deps),
    resourceQuotaController(ctx, deps),
    horizontalPodAutoscalerController(ctx, deps),
    nodeTtlController(deps),
    clusterRoleAggregationController(deps),
    csrCleanerController(deps),
    staleTargetController(deps),
    claimBinderController(ctx, deps),
    volumeBinderController(ctx, deps),
    provisionerController(ctx, deps),
    deleterController(deps),
    expanderController(ctx, deps),
    storageClassesController(deps),
    claimProtectionController(deps),
    volumeProtectionController(deps),
    attributesClassProtectionController(deps),
    ephemeralVolumesController(ctx, deps),
  ];
}
