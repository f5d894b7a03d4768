import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Tone } from '@binnacle/web-ui';
import type { ObjectCondition } from '../view/conditions.js';

type Words =
  | 'able'
  | 'notAble'
  | 'active'
  | 'notActive'
  | 'off'
  | 'limitedMost'
  | 'limitedLeast'
  | 'limited'
  | 'within'
  | 'stable';

/** What a condition means, in plain words. */
export interface Reason {
  readonly type: string;
  readonly tone: Tone;
  readonly words: Words;
  /** How many replicas the words are about. */
  readonly count: number;
  /** In the controller's words, where ours are not all there is to say. */
  readonly detail: string;
  readonly since: string | undefined;
}

type Meaning = Pick<Reason, 'tone' | 'words'> & { readonly count?: number };
type Bounds = Partial<HorizontalPodAutoscaler>['spec'];

const holds = ({ status }: ObjectCondition): boolean => status === 'True';

function ability(condition: ObjectCondition): Meaning {
  if (!holds(condition)) return { tone: 'error', words: 'notAble' };
  if (condition.reason === 'ScaleDownStabilized' || condition.reason === 'ScaleUpStabilized')
    return { tone: 'progress', words: 'stable' };
  return { tone: 'ok', words: 'able' };
}

function activity(condition: ObjectCondition): Meaning {
  if (holds(condition)) return { tone: 'ok', words: 'active' };
  return condition.reason === 'ScalingDisabled' ? { tone: 'idle', words: 'off' } : { tone: 'warn', words: 'notActive' };
}

function limits(condition: ObjectCondition, spec: Bounds): Meaning {
  if (!holds(condition)) return { tone: 'ok', words: 'within' };
  if (condition.reason === 'TooManyReplicas')
    return { tone: 'warn', words: 'limitedMost', count: spec?.maxReplicas ?? 0 };
  if (condition.reason === 'TooFewReplicas')
    return { tone: 'idle', words: 'limitedLeast', count: spec?.minReplicas ?? 1 };
  return { tone: 'progress', words: 'limited' };
}

const MEANINGS: Readonly<Record<string, (condition: ObjectCondition, spec: Bounds) => Meaning>> = {
  AbleToScale: ability,
  ScalingActive: activity,
  ScalingLimited: limits,
};

/** Why an autoscaler does what it does, in the order of its conditions. */
export function scalingReasons(conditions: readonly ObjectCondition[], spec: Bounds): Reason[] {
  return conditions.flatMap((condition) => {
    const meaning = MEANINGS[condition.type]?.(condition, spec);
    if (!meaning) return [];
    const { type, message = '', lastTransitionTime: since } = condition;
    const isPlain = meaning.tone === 'ok' || meaning.words === 'off';
    return [{ count: 0, ...meaning, type, since, detail: isPlain ? '' : message }];
  });
}
