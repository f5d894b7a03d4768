import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { byRevision } from './annotations.js';
import { specReplicas } from './limits.js';

const KEEPS_ALL = 2 ** 31 - 1;

/** Old, empty sets beyond the history limit, oldest revision first. */
export function planHistory(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet[] {
  const limit = deployment.spec?.revisionHistoryLimit ?? 10;
  const alive = old.filter((set) => !set.metadata.deletionTimestamp);
  const surplus = alive.length - limit;
  if (limit === KEEPS_ALL || surplus <= 0) return [];
  return [...alive]
    .sort(byRevision)
    .slice(0, surplus)
    .filter((set) => {
      const settled = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
      return specReplicas(set) === 0 && (set.status?.replicas ?? 0) === 0 && settled;
    });
}
