import type { HorizontalPodAutoscaler, HPAScalingRules } from '@binnacle/apis-kubernetes/autoscaling/v2';

export type ScalingDirection = 'up' | 'down';

/** How fast an autoscaler may go in one direction. */
export interface ScalingRule {
  readonly direction: ScalingDirection;
  /** Seconds it looks back for a wish that is not as far. */
  readonly window: number;
  readonly policies: readonly { readonly type: string; readonly value: number; readonly periodSeconds: number }[];
  readonly select: string;
  readonly tolerance: string;
}

/** Behaves as kubernetes pkg/apis/autoscaling/v2 SetDefaults_HorizontalPodAutoscaler, and the controller where nothing is said. */
const DEFAULTS: Readonly<Record<ScalingDirection, Pick<ScalingRule, 'window' | 'policies'>>> = {
  up: {
    window: 0,
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
  down: { window: 300, policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
};

function ruleOf(direction: ScalingDirection, rules: HPAScalingRules | undefined): ScalingRule {
  const defaults = DEFAULTS[direction];
  return {
    direction,
    window: rules?.stabilizationWindowSeconds ?? defaults.window,
    policies: rules?.policies ?? defaults.policies,
    select: rules?.selectPolicy ?? 'Max',
    tolerance: String(rules?.tolerance ?? ''),
  };
}

/** Its own rules, or those that hold where it has none. */
export function scalingRules({ spec }: Partial<HorizontalPodAutoscaler>): ScalingRule[] {
  const { scaleUp, scaleDown } = spec?.behavior ?? {};
  return [ruleOf('up', scaleUp), ruleOf('down', scaleDown)];
}
