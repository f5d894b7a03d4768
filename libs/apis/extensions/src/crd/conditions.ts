import { formatTime } from '@binnacle/machinery-meta';
import type {
  ConditionStatus,
  ConditionType,
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
} from './types.js';

export interface NewCondition {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

type Conditions = readonly CustomResourceDefinitionCondition[];

/** With the condition in the place of the one of its type; its time moves where its status does. `now`: milliseconds. */
export function withCondition(conditions: Conditions, next: NewCondition, now: number): Conditions {
  const old = conditions.find(({ type }) => type === next.type);
  const isSame = old?.status === next.status && old.lastTransitionTime;
  const condition = { lastTransitionTime: isSame ? old.lastTransitionTime : formatTime(now), ...next };
  const { lastTransitionTime, message, reason, status, type } = condition;
  const written = { ...(lastTransitionTime && { lastTransitionTime }), message, reason, status, type };
  return old ? conditions.map((one) => (one === old ? written : one)) : [...conditions, written];
}

export function withoutCondition(conditions: Conditions, type: ConditionType): Conditions {
  return conditions.filter((condition) => condition.type !== type);
}

/** Whether a definition says something else than it did when it was made. That it is going away is no such change. */
export function hasChanged({ metadata }: CustomResourceDefinition): boolean {
  const { generation = 1, deletionTimestamp } = metadata;
  return generation > (deletionTimestamp ? 2 : 1);
}
