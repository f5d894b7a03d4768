import { formatTime } from '@binnacle/machinery-meta';
import { keep } from '@binnacle/apis-registry';
import type { PersistentVolume } from '../index.js';

/** A new volume waits, from the moment it was made. */
export function preparePersistentVolume(volume: PersistentVolume): void {
  const { creationTimestamp } = volume.metadata;
  volume.status = { phase: 'Pending', ...(creationTimestamp && { lastPhaseTransitionTime: creationTimestamp }) };
}

/** Notes when the phase changed, where the client has not. */
export function preparePersistentVolumeStatus(next: PersistentVolume, old: PersistentVolume, now: number): void {
  keep(next, old, 'spec');
  next.status ??= {};
  const { phase, lastPhaseTransitionTime: told } = next.status;
  const before = old.status?.lastPhaseTransitionTime;
  if (phase !== old.status?.phase) {
    if (!told || told === before) next.status.lastPhaseTransitionTime = formatTime(now);
  } else if (!told && before) next.status.lastPhaseTransitionTime = before;
}
