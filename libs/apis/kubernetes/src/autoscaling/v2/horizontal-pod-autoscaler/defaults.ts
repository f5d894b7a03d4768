import { canonicalised } from '@binnacle/apis-registry';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, HPAScalingRules, MetricSpec } from '../index.js';

const CPU_PERCENT = 80;
const PERIOD_SECONDS = 15;
const MOST_PODS = 4;
const ALL_PERCENT = 100;

/** What is aimed at where nothing is said. */
export const cpuMetric = (averageUtilization = CPU_PERCENT): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

const percent = { type: 'Percent', value: ALL_PERCENT, periodSeconds: PERIOD_SECONDS };
const pods = { type: 'Pods', value: MOST_PODS, periodSeconds: PERIOD_SECONDS };

/** Upwards at once, by four Pods or to the double every quarter of a minute. */
const upwards = (): HPAScalingRules => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [{ ...pods }, { ...percent }],
});

/** Downwards as far as may be; how long to wait is the controller's to say. */
const downwards = (): HPAScalingRules => ({ selectPolicy: 'Max', policies: [{ ...percent }] });

function withDefaults(rules: HPAScalingRules | undefined, defaults: HPAScalingRules): HPAScalingRules {
  const said = { ...defaults, ...rules };
  return said.tolerance === undefined ? said : { ...said, tolerance: canonicalised(said.tolerance) };
}

/** Behaves as kubernetes pkg/apis/autoscaling/v2 SetDefaults_HorizontalPodAutoscaler. */
export function applyAutoscalerDefaults(autoscaler: HorizontalPodAutoscaler): void {
  autoscaler.spec ??= {} as HorizontalPodAutoscalerSpec;
  const { spec } = autoscaler;
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) spec.metrics = [cpuMetric()];
  if (!spec.behavior) return;
  spec.behavior.scaleUp = withDefaults(spec.behavior.scaleUp, upwards());
  spec.behavior.scaleDown = withDefaults(spec.behavior.scaleDown, downwards());
}
