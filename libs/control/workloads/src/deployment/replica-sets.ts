import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_POD_TEMPLATE_HASH } from '@binnacle/apis-kubernetes/well-known';
import { controllerReferenceTo } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { currentAnnotations, replicasAnnotations } from './annotations.js';
import { templateHash } from '../history/template-hash.js';
import { byAge, maxTotal, specReplicas, sum, wanted } from './limits.js';

export interface ReplicaSetsOf {
  /** The one of the present template, if it has been made. */
  readonly current?: ReplicaSet;
  readonly old: readonly ReplicaSet[];
}

function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const { [LABEL_POD_TEMPLATE_HASH]: _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}

export function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return semanticEqual(withoutHash(a), withoutHash(b));
}

/** Of several with the present template, the oldest counts. */
export function divide(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSetsOf {
  const sorted = [...sets].sort(byAge);
  const current = sorted.find((set) => sameTemplate(set.spec?.template, deployment.spec?.template));
  return { current, old: sorted.filter((set) => set !== current) };
}

/** How many replicas the current set may have now, given what the others have. */
export function currentReplicas(deployment: Deployment, sets: readonly ReplicaSet[], current: number): number {
  if (deployment.spec?.strategy?.type === 'Recreate') return wanted(deployment);
  const room = maxTotal(deployment) - sum(sets, specReplicas);
  if (room <= 0) return current;
  return current + Math.min(room, wanted(deployment) - current);
}

/** The ReplicaSet for the present template, named by its hash. */
export function newReplicaSet(deployment: Deployment, old: readonly ReplicaSet[], revision: bigint): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec ?? { template: {}, selector: {} };
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [LABEL_POD_TEMPLATE_HASH]: hash };
  const replicas = currentReplicas(deployment, old, 0);
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: currentAnnotations(deployment, undefined, revision),
      ownerReferences: [controllerReferenceTo(deployment, deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [LABEL_POD_TEMPLATE_HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  const annotations = replicasAnnotations(set, wanted(deployment), maxTotal(deployment));
  return { ...set, metadata: { ...set.metadata, annotations } };
}

/** The current set with the annotations and settings it should have; undefined when it has them. */
export function refreshedCurrent(
  deployment: Deployment,
  current: ReplicaSet,
  revision: bigint,
): ReplicaSet | undefined {
  const annotations = currentAnnotations(deployment, current.metadata.annotations, revision);
  const minReadySeconds = deployment.spec?.minReadySeconds;
  const sameAnnotations = semanticEqual(annotations, current.metadata.annotations);
  if (sameAnnotations && (current.spec?.minReadySeconds ?? 0) === (minReadySeconds ?? 0)) return undefined;
  return {
    ...current,
    metadata: { ...current.metadata, annotations },
    ...(current.spec && { spec: { ...current.spec, minReadySeconds } }),
  };
}
