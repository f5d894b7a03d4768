import type { FilterPlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import type { Rejection } from '../../framework/rejection.js';
import type { ClusterView } from '../../cache/cluster-cache.js';
import { claimUses } from '../../volumes/claim-uses.js';
import { isOwnClaim, sharedClaim } from './claim-hints.js';
import type { StorageView } from './storage-view.js';

const why =
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';
const rejection: Rejection = { reasons: [why], unresolvable: false };

function usedElsewhere(keys: ReadonlySet<string>, uid: string, { nodes }: ClusterView): boolean {
  return nodes.nodeRows.some((row) =>
    [...nodes.at(row).pods.values()].some(
      (other) => other.uid !== uid && claimUses(other.pod).some(({ key }) => keys.has(key)),
    ),
  );
}

/** A volume for one Pod is for one Pod. Behaves as kubernetes pkg/scheduler/framework/plugins/volumerestrictions. */
export function volumeRestrictions(storage: StorageView): FilterPlugin {
  const alone = (key: string) => storage.claim(key)?.spec?.accessModes?.includes('ReadWriteOncePod') ?? false;
  return {
    name: 'VolumeRestrictions',
    lasting: true,
    preFilter({ pod, uid }, cluster) {
      const keys = new Set(
        claimUses(pod)
          .map(({ key }) => key)
          .filter(alone),
      );
      if (keys.size === 0) return undefined;
      // Looked at anew for each node: while a preemption is thought through, the Pods on it are others.
      return () => (usedElsewhere(keys, uid, cluster) ? rejection : undefined);
    },
    eventsToRegister: () => [
      on('Pod', ['Delete'], sharedClaim),
      on('Node', ['Add']),
      on('PersistentVolumeClaim', ['Add'], isOwnClaim),
    ],
  };
}
