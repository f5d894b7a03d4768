import type { CSIDriver } from '../index.js';

/** Behaves as kubernetes pkg/apis/storage/v1 SetDefaults_CSIDriver. */
export function applyCsiDriverDefaults(driver: CSIDriver): void {
  driver.spec ??= {};
  const { spec } = driver;
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

/** VolumeLimitScaling is off at 1.36. */
export function dropAlphaFields({ spec }: CSIDriver, old?: CSIDriver): void {
  if (old?.spec?.preventPodSchedulingIfMissing === undefined) delete spec?.preventPodSchedulingIfMissing;
}
