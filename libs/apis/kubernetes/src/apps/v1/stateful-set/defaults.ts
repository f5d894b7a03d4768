import { applyClaimSpecDefaults } from '../../../core/v1/persistent-volume-claim/spec-rules.js';
import type { PersistentVolumeClaim } from '../../../core/v1/index.js';
import { applyPodTemplateDefaults } from '../../../core/v1/pod/defaults.js';
import type { StatefulSet, StatefulSetSpec } from '../index.js';

const HISTORY = 10;

function defaultStrategy(spec: StatefulSetSpec): void {
  spec.updateStrategy ??= {};
  const { updateStrategy } = spec;
  if (!updateStrategy.type) {
    updateStrategy.type = 'RollingUpdate';
    updateStrategy.rollingUpdate ??= {};
  }
  if (updateStrategy.type === 'RollingUpdate' && updateStrategy.rollingUpdate)
    updateStrategy.rollingUpdate.partition ??= 0;
}

function defaultRetention(spec: StatefulSetSpec): void {
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= 'Retain';
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= 'Retain';
}

/** Claims to be made are written as whole objects, as they have always been. */
function defaultClaim(claim: PersistentVolumeClaim): void {
  claim.apiVersion = 'v1';
  claim.kind = 'PersistentVolumeClaim';
  claim.metadata ??= {};
  claim.spec ??= {};
  applyClaimSpecDefaults(claim.spec);
  claim.status ??= {};
  claim.status.phase ||= 'Pending';
}

/** Behaves as kubernetes pkg/apis/apps/v1 SetDefaults_StatefulSet. */
export function applyStatefulSetDefaults(set: StatefulSet): void {
  set.spec ??= {} as StatefulSetSpec;
  const { spec } = set;
  spec.podManagementPolicy ||= 'OrderedReady';
  defaultStrategy(spec);
  defaultRetention(spec);
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= HISTORY;
  spec.template ??= {};
  applyPodTemplateDefaults(spec.template);
  for (const claim of spec.volumeClaimTemplates ?? []) defaultClaim(claim);
}
