import type { ReplicationController } from '../index.js';
import { applyPodTemplateDefaults } from '../pod/defaults.js';

/** Behaves as kubernetes pkg/apis/core/v1 SetDefaults_ReplicationController: labels and selector come from the template. */
export function applyReplicationControllerDefaults(controller: ReplicationController): void {
  controller.spec ??= {};
  const { spec, metadata } = controller;
  spec.replicas ??= 1;
  applyPodTemplateDefaults(spec.template);
  const labels = spec.template?.metadata?.labels;
  if (!labels) return;
  if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
  if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
}
