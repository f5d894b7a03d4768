import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_CONTROLLER_REVISION_HASH } from '@binnacle/apis-kubernetes/well-known';
import { podState } from '../pods/pod-status.js';

/** Which template a member has: the one the set has now, the one before it, or one that is older. */
export type MemberRevision = 'update' | 'current' | 'older';

/** A place in a StatefulSet, with who fills it. */
export interface Member {
  readonly ordinal: number;
  readonly name: string;
  readonly pod: Pod | undefined;
  readonly revision: MemberRevision | undefined;
  /** The name of that revision. */
  readonly revisionName: string;
  /** Undefined for one that is not there. */
  readonly claims: readonly { readonly name: string; readonly claim: PersistentVolumeClaim | undefined }[];
  /** Beyond what the set wants: it goes. */
  readonly isExcess: boolean;
}

const partitionOf = ({ spec }: StatefulSet): number => spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
const startOf = ({ spec }: StatefulSet): number => spec?.ordinals?.start ?? 0;
const wantedOf = ({ spec }: StatefulSet): number => spec?.replicas ?? 1;

const MEMBER = /^(.*)-(\d+)$/;

/** The set's Pods by their ordinals. */
function byOrdinal({ metadata }: StatefulSet, pods: readonly Pod[]): Map<number, Pod> {
  const found = new Map<number, Pod>();
  for (const pod of pods) {
    const [, name, digits] = MEMBER.exec(pod.metadata.name ?? '') ?? [];
    if (name === metadata.name) found.set(Number(digits), pod);
  }
  return found;
}

function revisionOf({ status }: StatefulSet, name: string): MemberRevision | undefined {
  if (!name) return undefined;
  if (name === status?.updateRevision) return 'update';
  return name === status?.currentRevision ? 'current' : 'older';
}

/** All places of the set in order, and those Pods that are too many; at most so many. */
export function membersOf(
  set: StatefulSet,
  pods: readonly Pod[],
  claims: readonly PersistentVolumeClaim[],
  most: number,
): Member[] {
  const found = byOrdinal(set, pods);
  const named = new Map(claims.map((claim) => [claim.metadata.name, claim]));
  const [start, wanted] = [startOf(set), wantedOf(set)];
  const places = Array.from({ length: Math.min(wanted, most) }, (_, index) => start + index);
  const excess = [...found.keys()].filter((ordinal) => ordinal < start || ordinal >= start + wanted);
  return [...places, ...excess.sort((a, b) => a - b)].slice(0, most).map((ordinal) => {
    const pod = found.get(ordinal);
    const revisionName = pod?.metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] ?? '';
    return {
      ordinal,
      name: `${set.metadata.name}-${ordinal}`,
      pod,
      revision: revisionOf(set, revisionName),
      revisionName,
      claims: claimNames(set, ordinal).map((name) => ({ name, claim: named.get(name) })),
      isExcess: ordinal < start || ordinal >= start + wanted,
    };
  });
}

function claimNames({ metadata, spec }: StatefulSet, ordinal: number): string[] {
  const templates = spec?.volumeClaimTemplates ?? [];
  return templates.map((template) => `${template.metadata.name}-${metadata.name}-${ordinal}`);
}

/** How far the set's template has come. */
export type SetRollout =
  | { readonly kind: 'settled' }
  | { readonly kind: 'onDelete'; readonly old: number }
  | {
      readonly kind: 'rolling';
      readonly updated: number;
      readonly wanted: number;
      readonly at: Member | undefined;
      readonly waits: boolean;
    }
  /** What the partition lets through has it; the others keep what they have. */
  | { readonly kind: 'held'; readonly partition: number; readonly updated: number; readonly wanted: number };

const isReady = ({ pod }: Member): boolean => {
  const state = pod && podState(pod);
  return state !== undefined && state.tone === 'ok' && state.ready === state.total;
};

/** Behaves as the rolling update of a StatefulSet: from the highest ordinal down, each when those above it are ready. */
export function rolloutOf(set: StatefulSet, members: readonly Member[]): SetRollout {
  const { status, spec } = set;
  const wanted = members.filter(({ isExcess }) => !isExcess);
  const updated = wanted.filter(({ revision }) => revision === 'update').length;
  if (status?.currentRevision === status?.updateRevision && updated === wanted.length) return { kind: 'settled' };
  if (spec?.updateStrategy?.type === 'OnDelete') return { kind: 'onDelete', old: wanted.length - updated };
  const partition = partitionOf(set);
  const affected = wanted.filter(({ ordinal }) => ordinal >= partition).reverse();
  const at = affected.find((member) => member.revision !== 'update' || !isReady(member));
  if (!at) return partition > 0 ? { kind: 'held', partition, updated, wanted: wanted.length } : { kind: 'settled' };
  return { kind: 'rolling', updated, wanted: wanted.length, at, waits: at.revision === 'update' };
}
