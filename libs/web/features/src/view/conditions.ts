import type { UnstructuredObject } from '@binnacle/web-data';
import type { Tone } from '@binnacle/web-ui';

export interface ObjectCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export function conditionsOf(object: UnstructuredObject): readonly ObjectCondition[] {
  const { conditions } = (object.status ?? {}) as { conditions?: unknown };
  return Array.isArray(conditions) ? (conditions as ObjectCondition[]) : [];
}

/** Conditions that say something bad when they are true. */
const NEGATIVE =
  /Pressure$|Failure$|Unavailable$|^Failed$|^FailureTarget$|^NonStructuralSchema$|^Degraded$|^Stalled$|^Dangling|^Terminating$|DisruptionTarget|ContentRemaining$|FinalizersRemaining$|Failures$/;

export function conditionTone({ type, status }: ObjectCondition): Tone {
  if (status === 'Unknown') return 'warn';
  const good = NEGATIVE.test(type) ? status === 'False' : status === 'True';
  return good ? 'ok' : NEGATIVE.test(type) ? 'error' : 'warn';
}
