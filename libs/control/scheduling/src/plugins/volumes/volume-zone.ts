import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import {
  LABEL_FAILURE_DOMAIN_BETA_REGION,
  LABEL_FAILURE_DOMAIN_BETA_ZONE,
  LABEL_TOPOLOGY_REGION,
  LABEL_TOPOLOGY_ZONE,
} from '@binnacle/apis-kubernetes/well-known';
import type { EventOf } from '../../framework/cluster-event.js';
import { same } from '../../framework/event-changes.js';
import type { FilterPlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import type { Rejection } from '../../framework/rejection.js';
import { claimUses } from '../../volumes/claim-uses.js';
import { isDelayed } from '../../volumes/volume-facts.js';
import { isOwnClaim } from './claim-hints.js';
import type { StorageView } from './storage-view.js';

const rejection: Rejection = { reasons: ['node(s) had no available volume zone'], unresolvable: true };

/** Labels of places, with the older name of each. */
const OLDER: Readonly<Record<string, string>> = {
  [LABEL_TOPOLOGY_ZONE]: LABEL_FAILURE_DOMAIN_BETA_ZONE,
  [LABEL_TOPOLOGY_REGION]: LABEL_FAILURE_DOMAIN_BETA_REGION,
};
const PLACES = Object.entries(OLDER).flat();
const BETWEEN_PLACES = '__';

interface Place {
  readonly key: string;
  readonly values: readonly string[];
}

function placesOf({ metadata }: PersistentVolume): Place[] {
  return PLACES.flatMap((key) => {
    const value = metadata.labels?.[key];
    return value === undefined ? [] : [{ key, values: value.split(BETWEEN_PLACES) }];
  });
}

function isIn(labels: Readonly<Record<string, string>>, { key, values }: Place): boolean {
  const newer = Object.entries(OLDER).find(([, older]) => older === key)?.[0];
  const here = labels[key] ?? labels[newer ?? OLDER[key] ?? ''];
  return here !== undefined && values.includes(here);
}

const hasMoved = (_: unknown, { old, current }: EventOf<'PersistentVolume'>): boolean =>
  !old || !current || !same(placesOf(old), placesOf(current));

/** Keeps Pods in the zones of their volumes. Behaves as kubernetes pkg/scheduler/framework/plugins/volumezone. */
export function volumeZone(storage: StorageView): FilterPlugin {
  return {
    name: 'VolumeZone',
    lasting: true,
    preFilter({ pod }, { nodes }) {
      const places = claimUses(pod).flatMap(({ key }) => {
        const volume = storage.volume(storage.claim(key)?.spec?.volumeName ?? '');
        return volume ? placesOf(volume) : [];
      });
      if (places.length === 0) return undefined;
      return (row) => {
        const { labels } = nodes.at(row);
        // A node that says nothing of places is in all of them.
        if (!PLACES.some((key) => labels[key] !== undefined)) return undefined;
        return places.every((place) => isIn(labels, place)) ? undefined : rejection;
      };
    },
    eventsToRegister: () => [
      on('StorageClass', ['Add'], (_, { current }) => isDelayed(current)),
      on('Node', ['Add', 'UpdateNodeLabel']),
      on('PersistentVolumeClaim', ['Add', 'Update'], isOwnClaim),
      on('PersistentVolume', ['Add', 'Update'], hasMoved),
    ],
  };
}
