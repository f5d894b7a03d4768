import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { CSINode } from '@binnacle/apis-kubernetes/storage/v1';
import type { EventOf } from '../../framework/cluster-event.js';
import type { FilterPlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import type { Rejection } from '../../framework/rejection.js';
import { claimUses } from '../../volumes/claim-uses.js';
import { isOwnClaim } from './claim-hints.js';
import type { StorageView } from './storage-view.js';

const rejection: Rejection = { reasons: ['node(s) exceed max volume count'], unresolvable: false };

/** The volumes of drivers that a Pod uses, as `driver/volume`; of claims not bound yet none. */
function handlesOf(pod: Pod, storage: StorageView): Array<{ driver: string; handle: string }> {
  return claimUses(pod).flatMap(({ key }) => {
    const csi = storage.volume(storage.claim(key)?.spec?.volumeName ?? '')?.spec?.csi;
    return csi ? [{ driver: csi.driver, handle: `${csi.driver}/${csi.volumeHandle}` }] : [];
  });
}

function limitsOf(node: CSINode | undefined): ReadonlyMap<string, number> {
  return new Map((node?.spec.drivers ?? []).map(({ name, allocatable }) => [name, allocatable?.count ?? 0]));
}

function hasMoreRoom(_: unknown, { old, current }: EventOf<'CSINode'>): boolean {
  const before = limitsOf(old);
  return !old || [...limitsOf(current)].some(([driver, limit]) => limit > (before.get(driver) ?? 0));
}

/** A driver takes so many volumes to a node and no more. Behaves as kubernetes pkg/scheduler/framework/plugins/nodevolumelimits. */
export function nodeVolumeLimits(storage: StorageView): FilterPlugin {
  return {
    name: 'NodeVolumeLimits',
    lasting: true,
    preFilter({ pod }, { nodes }) {
      const wanted = handlesOf(pod, storage);
      if (wanted.length === 0) return undefined;
      return (row) => {
        const { name, pods } = nodes.at(row);
        const there = [...pods.values()].flatMap((other) => handlesOf(other.pod, storage));
        for (const { name: driver, allocatable } of storage.csiNode(name)?.spec.drivers ?? []) {
          const of = (all: typeof wanted) => all.filter((one) => one.driver === driver).map(({ handle }) => handle);
          const held = new Set(of(there));
          const added = of(wanted).filter((handle) => !held.has(handle));
          if (added.length > 0 && held.size + new Set(added).size > (allocatable?.count ?? Number.POSITIVE_INFINITY))
            return rejection;
        }
        return undefined;
      };
    },
    eventsToRegister: () => [
      on('CSINode', ['Add', 'Update'], hasMoreRoom),
      on('Pod', ['Delete'], (_, { old }) => old !== undefined && claimUses(old.pod).length > 0),
      on('PersistentVolumeClaim', ['Add'], isOwnClaim),
    ],
  };
}
