import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_PROVISIONED_BY, classOf } from '@binnacle/control-scheduling';
import { compareQuantities } from '@binnacle/machinery-quantity';
import { isOurs } from './provisioners.js';

export type ExpansionPlan =
  | { readonly act: 'expand'; readonly size: string }
  /** The volume is as large already: only the claim does not say so. */
  | { readonly act: 'report'; readonly size: string }
  /** Another provisioner's. */
  | { readonly act: 'leave' }
  | { readonly act: 'nothing' };

const requestOf = ({ spec }: PersistentVolumeClaim): string => String(spec?.resources?.requests?.storage ?? '0');
const capacityOf = ({ spec }: PersistentVolume): string => String(spec?.capacity?.storage ?? '0');
const isMore = (size: string, than: PersistentVolumeClaim): boolean =>
  compareQuantities(size, than.status?.capacity?.storage) > 0;

function hasIt(claim: PersistentVolumeClaim, { spec }: PersistentVolume): boolean {
  return claim.status?.phase === 'Bound' && spec?.claimRef?.uid === claim.metadata.uid;
}

/** Whether a bound claim asks for more than it has, and what is done about it. */
export function planExpansion(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  classNamed: (name: string) => StorageClass | undefined,
): ExpansionPlan {
  const [size, capacity] = [requestOf(claim), capacityOf(volume)];
  if (!hasIt(claim, volume) || !isMore(size, claim)) return { act: 'nothing' };
  const grows = compareQuantities(size, capacity) > 0;
  if (!isOurs(volume.metadata.annotations?.[ANNOTATION_PROVISIONED_BY])) return { act: grows ? 'leave' : 'nothing' };
  if (!grows) return { act: 'report', size: capacity };
  return classNamed(classOf(claim))?.allowVolumeExpansion ? { act: 'expand', size } : { act: 'nothing' };
}
