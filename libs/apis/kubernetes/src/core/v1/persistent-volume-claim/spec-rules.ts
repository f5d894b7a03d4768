import type { FieldPath } from '@binnacle/machinery-validation';
import { canonicalise, fractionWarnings } from '@binnacle/apis-registry';
import type { PersistentVolumeClaimSpec } from '../index.js';

/** Behaves as kubernetes SetDefaults_PersistentVolumeClaimSpec. */
export function applyClaimSpecDefaults(spec: PersistentVolumeClaimSpec): void {
  spec.volumeMode ??= 'Filesystem';
  canonicalise(spec.resources?.limits, spec.resources?.requests);
}

/** Behaves as kubernetes GetWarningsForPersistentVolumeClaimSpec. */
export function claimSpecWarnings(spec: PersistentVolumeClaimSpec | undefined, path: FieldPath): string[] {
  return (['requests', 'limits'] as const).flatMap((list) =>
    fractionWarnings(spec?.resources?.[list]?.storage, path.child('resources', list).key('storage')),
  );
}
