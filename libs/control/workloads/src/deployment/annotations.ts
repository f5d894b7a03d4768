import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { ANNOTATION_LAST_APPLIED_CONFIG, ANNOTATION_REVISION } from '@binnacle/apis-kubernetes/well-known';

const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAX = 'deployment.kubernetes.io/max-replicas';
/** About the Deployment or the ReplicaSet itself, so not handed down. */
const OWN = new Set([
  ANNOTATION_LAST_APPLIED_CONFIG,
  ANNOTATION_REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
]);
const LONGEST_HISTORY = 2000;

type Annotations = Record<string, string>;

const WHOLE = /^\d{1,19}$/;
const revisionIn = (text: string | undefined): bigint => (text && WHOLE.test(text) ? BigInt(text) : 0n);

/** Upstream's are 64 bits wide, and somebody may have set one that is. */
export function revisionOf(object: { metadata: { annotations?: Annotations } }): bigint {
  return revisionIn(object.metadata.annotations?.[ANNOTATION_REVISION]);
}

/** Below nought, nought or above, as sorting wants. */
export const byRevision = (a: ReplicaSet, b: ReplicaSet): number => {
  const [first, second] = [revisionOf(a), revisionOf(b)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
};

/** One more than the highest revision there was. */
export function nextRevision(old: readonly ReplicaSet[]): bigint {
  const highest = [...old].sort(byRevision).at(-1);
  return (highest ? revisionOf(highest) : 0n) + 1n;
}

function withHistory(annotations: Annotations, revision: bigint): Annotations {
  const before = annotations[ANNOTATION_REVISION];
  if (revisionIn(before) >= revision) return annotations;
  const history = [...(annotations[REVISION_HISTORY]?.split(',') ?? []), ...(before ? [before] : [])];
  while (history.join(',').length > LONGEST_HISTORY) history.shift();
  return {
    ...annotations,
    [ANNOTATION_REVISION]: String(revision),
    ...(history.length > 0 && { [REVISION_HISTORY]: history.join(',') }),
  };
}

/** What the ReplicaSet of the present template is annotated with. */
export function currentAnnotations(
  deployment: Deployment,
  set: Annotations | undefined,
  revision: bigint,
): Annotations {
  const handedDown = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
  return { ...withHistory({ ...set }, revision), ...Object.fromEntries(handedDown) };
}

/** Remembers how many replicas the Deployment wanted, from which proportional scaling later works out shares. */
export function replicasAnnotations(set: ReplicaSet, desired: number, most: number): Annotations {
  return { ...set.metadata.annotations, [DESIRED]: String(desired), [MAX]: String(most) };
}

export function desiredReplicas(set: ReplicaSet): number | undefined {
  const text = set.metadata.annotations?.[DESIRED];
  return text === undefined ? undefined : Number(text);
}

export function mostReplicas(set: ReplicaSet): number | undefined {
  const text = set.metadata.annotations?.[MAX];
  return text === undefined ? undefined : Number(text);
}
