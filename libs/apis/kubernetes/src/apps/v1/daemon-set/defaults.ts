import { applyPodTemplateDefaults } from '../../../core/v1/pod/defaults.js';
import type { DaemonSet, DaemonSetSpec } from '../index.js';

const HISTORY = 10;

function defaultStrategy(spec: DaemonSetSpec): void {
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= 'RollingUpdate';
  if (spec.updateStrategy.type !== 'RollingUpdate') return;
  const { maxUnavailable, maxSurge } = spec.updateStrategy.rollingUpdate ?? {};
  spec.updateStrategy.rollingUpdate = { maxUnavailable: maxUnavailable ?? 1, maxSurge: maxSurge ?? 0 };
}

/** Behaves as kubernetes pkg/apis/apps/v1 SetDefaults_DaemonSet. */
export function applyDaemonSetDefaults(set: DaemonSet): void {
  set.spec ??= {} as DaemonSetSpec;
  const { spec } = set;
  defaultStrategy(spec);
  spec.revisionHistoryLimit ??= HISTORY;
  spec.template ??= {};
  applyPodTemplateDefaults(spec.template);
}
