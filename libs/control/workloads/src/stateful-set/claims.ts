import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod, Volume } from '@binnacle/apis-kubernetes/core/v1';
import { ordinalOf } from './identity.js';

/** A claim by its name, in the set's namespace. */
export type FindClaim = (name: string) => PersistentVolumeClaim | undefined;

const claimName = (template: PersistentVolumeClaim, set: StatefulSet, ordinal: number): string =>
  `${template.metadata.name}-${set.metadata.name}-${ordinal}`;

export function claimNames(set: StatefulSet, pod: Pod): string[] {
  const ordinal = ordinalOf(pod);
  return (set.spec?.volumeClaimTemplates ?? []).map((template) => claimName(template, set, ordinal));
}

/** The claims a Pod of the set needs, as they are made for it. */
export function claimsOf(set: StatefulSet, pod: Pod): PersistentVolumeClaim[] {
  const ordinal = ordinalOf(pod);
  return (set.spec?.volumeClaimTemplates ?? []).map((template) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...template.metadata,
      name: claimName(template, set, ordinal),
      namespace: set.metadata.namespace,
      labels: { ...template.metadata.labels, ...set.spec?.selector.matchLabels },
    },
    ...(template.spec && { spec: template.spec }),
  }));
}

function claimVolumes(set: StatefulSet, ordinal: number): Volume[] {
  return (set.spec?.volumeClaimTemplates ?? []).map((template) => ({
    name: template.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(template, set, ordinal) },
  }));
}

/** A Pod's volumes with those of the set's claims, which take the place of others of their names. */
export function withClaims(set: StatefulSet, volumes: readonly Volume[] | undefined, ordinal: number): Volume[] {
  const ours = claimVolumes(set, ordinal);
  const names = new Set(ours.map(({ name }) => name));
  return [...ours, ...(volumes ?? []).filter(({ name }) => !names.has(name))];
}

export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const volumes = new Map((pod.spec?.volumes ?? []).map((volume) => [volume.name, volume]));
  return claimVolumes(set, ordinalOf(pod)).every(
    ({ name, persistentVolumeClaim }) =>
      volumes.get(name)?.persistentVolumeClaim?.claimName === persistentVolumeClaim?.claimName,
  );
}
