/** What conditions of every kind have in common. */
export interface ConditionLike {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export function findCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(conditions: readonly ConditionLike[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/**
 * Puts a condition in its place and answers the new list. `lastTransitionTime` moves only when `status` changes; on a
 * change it is the one given, or `now` (an RFC 3339 time).
 */
export function withCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  next: C,
  now: string,
): C[] {
  const list = conditions ?? [];
  const old = findCondition(list, next.type);
  const moved = next.lastTransitionTime ?? now;
  const lastTransitionTime = old?.status === next.status ? (old.lastTransitionTime ?? moved) : moved;
  const placed = { ...next, lastTransitionTime };
  return old ? list.map((condition) => (condition === old ? placed : condition)) : [...list, placed];
}

export function withoutCondition<C extends ConditionLike>(conditions: readonly C[] | undefined, type: string): C[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}
