import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { available, byAge, limits, specReplicas, sum, wanted } from './limits.js';
import { currentReplicas, type ReplicaSetsOf } from './replica-sets.js';

export interface Scale {
  readonly set: ReplicaSet;
  readonly to: number;
}

const changes = (scales: readonly Scale[]): Scale[] => scales.filter(({ set, to }) => specReplicas(set) !== to);

/** Takes up to `count` replicas from the sets, in order; `most` says how many one set may lose. */
function take(scales: Scale[], count: number, most: (set: ReplicaSet, left: number) => number): Scale[] {
  let remaining = count;
  return scales.map(({ set, to }) => {
    const taken = Math.max(0, Math.min(remaining, to, most(set, to)));
    remaining -= taken;
    return { set, to: to - taken };
  });
}

const total = (scales: readonly Scale[]): number => scales.reduce((count, { to }) => count + to, 0);

/** Old sets lose their broken replicas first, which costs nobody anything, then healthy ones as far as allowed. */
function scaleDownOld(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): Scale[] {
  const least = wanted(deployment) - limits(deployment).unavailable;
  const notYet = specReplicas(current) - available(current);
  const room = sum([...old, current], specReplicas) - least - notYet;
  const before = [...old].sort(byAge).map((set) => ({ set, to: specReplicas(set) }));
  if (room <= 0) return [];
  const cleaned = take(before, room, (set, left) => left - available(set));
  const healthy = sum([...old, current], available) - least;
  const scaled = take(cleaned, Math.min(healthy, room - (total(before) - total(cleaned))), (_, left) => left);
  return changes(scaled);
}

/**
 * The next step of a rolling update: the new set grows into the surge, or else the old ones shrink as far as enough
 * replicas stay available. Behaves as kubernetes pkg/controller/deployment/rolling.go.
 */
export function planRolling(deployment: Deployment, { current, old }: ReplicaSetsOf): Scale[] {
  if (!current) return [];
  const here = specReplicas(current);
  const to = here > wanted(deployment) ? wanted(deployment) : currentReplicas(deployment, [...old, current], here);
  const up = changes([{ set: current, to }]);
  return up.length > 0 ? up : scaleDownOld(deployment, current, old);
}

/** Recreate: all old ones go; when their Pods are gone too, the new set gets everything. */
export function planRecreate(deployment: Deployment, { current, old }: ReplicaSetsOf, oldPodsRun: boolean): Scale[] {
  const down = changes(old.map((set) => ({ set, to: 0 })));
  if (down.length > 0 || oldPodsRun || !current) return down;
  return changes([{ set: current, to: wanted(deployment) }]);
}
