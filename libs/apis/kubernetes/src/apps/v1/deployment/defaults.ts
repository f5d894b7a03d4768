import { applyPodTemplateDefaults } from '../../../core/v1/pod/defaults.js';
import type { Deployment, DeploymentSpec } from '../index.js';

const SURGE = '25%';
const HISTORY = 10;
const DEADLINE_SECONDS = 600;

function defaultStrategy(spec: DeploymentSpec): void {
  spec.strategy ??= {};
  spec.strategy.type ||= 'RollingUpdate';
  if (spec.strategy.type !== 'RollingUpdate') return;
  const { maxUnavailable, maxSurge } = spec.strategy.rollingUpdate ?? {};
  spec.strategy.rollingUpdate = { maxUnavailable: maxUnavailable ?? SURGE, maxSurge: maxSurge ?? SURGE };
}

/** Behaves as kubernetes pkg/apis/apps/v1 SetDefaults_Deployment. */
export function applyDeploymentDefaults(deployment: Deployment): void {
  deployment.spec ??= {} as DeploymentSpec;
  const { spec } = deployment;
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= HISTORY;
  spec.progressDeadlineSeconds ??= DEADLINE_SECONDS;
  defaultStrategy(spec);
  spec.template ??= {};
  applyPodTemplateDefaults(spec.template);
}
