import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { desiredReplicas, mostReplicas } from './annotations.js';
import { byAge, isRolling, limits, maxTotal, specReplicas, sum, wanted } from './limits.js';
import type { ReplicaSetsOf } from './replica-sets.js';
import type { Scale } from './rolling.js';

/** Somebody changed how many replicas the Deployment wants since the sets were last scaled. */
export function isScaling(deployment: Deployment, { current, old }: ReplicaSetsOf): boolean {
  return [...(current ? [current] : []), ...old]
    .filter((set) => specReplicas(set) > 0)
    .some((set) => {
      const desired = desiredReplicas(set);
      return desired !== undefined && desired !== wanted(deployment);
    });
}

/** The one set that alone carries the Deployment: the only active one, or the newest when none is. */
function soleSet({ current, old }: ReplicaSetsOf): ReplicaSet | undefined {
  const all = [...old, ...(current ? [current] : [])];
  const active = all.filter((set) => specReplicas(set) > 0);
  if (active.length > 1) return undefined;
  return active[0] ?? current ?? [...old].sort(byAge).at(-1);
}

function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const replicas = wanted(deployment);
  return (
    set !== undefined &&
    specReplicas(set) === replicas &&
    desiredReplicas(set) === replicas &&
    set.status?.availableReplicas === replicas
  );
}

/** The share of `added` that belongs to the set, by its size before. Rounded to nearest, with its sign. */
function share(set: ReplicaSet, deployment: Deployment, added: number, done: number): number {
  const size = specReplicas(set);
  if (size === 0 || added === 0) return 0;
  const before = mostReplicas(set) || deployment.status?.replicas || size;
  const fraction = Math.round((size * maxTotal(deployment)) / before) - size;
  return added > 0 ? Math.min(fraction, added - done) : Math.max(fraction, added - done);
}

/** Ones that gain are served biggest first and newest first; ones that lose, biggest first and oldest first. */
function inTurn(sets: readonly ReplicaSet[], growing: boolean): ReplicaSet[] {
  return [...sets].sort((a, b) => specReplicas(b) - specReplicas(a) || (growing ? byAge(b, a) : byAge(a, b)));
}

function proportional(deployment: Deployment, sets: readonly ReplicaSet[]): Scale[] {
  const active = sets.filter((set) => specReplicas(set) > 0);
  const allowed = wanted(deployment) > 0 ? wanted(deployment) + limits(deployment).surge : 0;
  const added = allowed - sum(active, specReplicas);
  let given = 0;
  const scales = inTurn(active, added > 0).map((set) => {
    const part = share(set, deployment, added, given);
    given += part;
    return { set, to: specReplicas(set) + part };
  });
  const [first, ...rest] = scales;
  if (!first) return [];
  return [{ set: first.set, to: Math.max(0, first.to + added - given) }, ...rest];
}

/**
 * Carries a change of the wanted count over to the sets without moving the rollout on: in the middle of one, each set gets
 * its proportion. Also lists sets whose count stays, since their annotations must change. Behaves as kubernetes
 * pkg/controller/deployment/sync.go scale.
 */
export function planScaling(deployment: Deployment, sets: ReplicaSetsOf): Scale[] {
  const sole = soleSet(sets);
  if (sole) {
    const same = specReplicas(sole) === wanted(deployment) && desiredReplicas(sole) === wanted(deployment);
    return same ? [] : [{ set: sole, to: wanted(deployment) }];
  }
  const { current, old } = sets;
  if (isSaturated(deployment, current)) {
    return old.filter((set) => specReplicas(set) > 0).map((set) => ({ set, to: 0 }));
  }
  return isRolling(deployment) ? proportional(deployment, [...old, ...(current ? [current] : [])]) : [];
}
