import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { VolumeAttributesClass } from '@binnacle/apis-kubernetes/storage/v1';
import { SIMULATED_PROVISIONER } from './provisioners.js';

export type ModificationPlan =
  | { readonly act: 'modify'; readonly target: string }
  /** It cannot be now, or not at all; `why` is told. */
  | { readonly act: 'wait'; readonly target: string; readonly status: 'Pending' | 'Infeasible'; readonly why: string }
  /** It is so already: only the claim still says that it is to be. */
  | { readonly act: 'settle' }
  | { readonly act: 'nothing' };

const NOTHING: ModificationPlan = { act: 'nothing' };

/** Only our own volumes that have attributes: others wait for their own resizer. */
function isOurs(claim: PersistentVolumeClaim, { spec }: PersistentVolume): boolean {
  const isBound = claim.status?.phase === 'Bound' && spec?.claimRef?.uid === claim.metadata.uid;
  return isBound && spec?.csi?.driver === SIMULATED_PROVISIONER && !claim.metadata.deletionTimestamp;
}

/** Whether a bound claim asks for other attributes than it has. Behaves as external-resizer's modify controller. */
export function planModification(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  classNamed: (name: string) => VolumeAttributesClass | undefined,
): ModificationPlan {
  const target = claim.spec?.volumeAttributesClassName;
  if (!isOurs(claim, volume)) return NOTHING;
  const { currentVolumeAttributesClassName: current, modifyVolumeStatus } = claim.status ?? {};
  if (!target || target === current) return modifyVolumeStatus ? { act: 'settle' } : NOTHING;
  const wanted = classNamed(target);
  if (!wanted) return { act: 'wait', target, status: 'Pending', why: `VAC ${target} does not exist` };
  if (wanted.driverName === SIMULATED_PROVISIONER) return { act: 'modify', target };
  const why = `VAC ${target} is of the driver ${wanted.driverName}, not of ${SIMULATED_PROVISIONER}`;
  return { act: 'wait', target, status: 'Infeasible', why };
}
