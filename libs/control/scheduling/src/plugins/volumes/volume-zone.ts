import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import {
  LABEL_FAILURE_DOMAIN_BETA_REGION,
  LABEL_FAILURE_DOMAIN_BETA_ZONE,
  LABEL_TOPOLOGY_REGION,
  LABEL_TOPOLOGY_ZONE,
} from '@binnacle/apis-kubernetes/well-known';
import type { FilterPlugin, Rejection } from '../../framework/plugin.js';
import { claimUses } from '../../volumes/claim-uses.js';
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

/** Keeps Pods in the zones of their volumes. Behaves as kubernetes pkg/scheduler/framework/plugins/volumezone. */
export function volumeZone(storage: StorageView): FilterPlugin {
  return {
    name: 'VolumeZone',
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
    wakes: (event) => event.kind === 'storage' || (event.kind === 'node' && (event.added || event.changes.labels)),
  };
}
