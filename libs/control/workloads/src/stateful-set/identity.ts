import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

/** On a Pod of a StatefulSet: its own name, and its ordinal. */
export const LABEL_POD_NAME = 'statefulset.kubernetes.io/pod-name';
export const LABEL_POD_INDEX = 'apps.kubernetes.io/pod-index';

const MEMBER = /^(.*)-(\d+)$/;
const MOST = 2 ** 31 - 1;

/** The ordinal a Pod's name says, -1 where it says none. */
export function ordinalOf(pod: Pod): number {
  const digits = MEMBER.exec(pod.metadata.name ?? '')?.[2];
  const ordinal = digits === undefined ? -1 : Number(digits);
  return ordinal > MOST ? -1 : ordinal;
}

export function isMember(set: StatefulSet, pod: Pod): boolean {
  return MEMBER.exec(pod.metadata.name ?? '')?.[1] === set.metadata.name;
}

export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;
export const wantedReplicas = (set: StatefulSet): number => set.spec?.replicas ?? 1;
export const startOf = (set: StatefulSet): number => set.spec?.ordinals?.start ?? 0;

export function inRange(set: StatefulSet, pod: Pod): boolean {
  const index = ordinalOf(pod) - startOf(set);
  return index >= 0 && index < wantedReplicas(set);
}

/** The labels by which a member can be found alone. */
export function identityLabels(set: StatefulSet, ordinal: number): Record<string, string> {
  return { [LABEL_POD_NAME]: podName(set, ordinal), [LABEL_POD_INDEX]: String(ordinal) };
}

export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  return isMember(set, pod) && pod.metadata.labels?.[LABEL_POD_NAME] === pod.metadata.name;
}
