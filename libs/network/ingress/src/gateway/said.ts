import type { Condition } from '@binnacle/machinery-meta';
import { withCondition } from '@binnacle/machinery-meta';

/** A condition as it is found to be, without when and of which generation. */
export interface Said {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

export const yes = (type: string, reason = type, message = ''): Said => ({ type, status: 'True', reason, message });
export const no = (type: string, reason: string, message: string): Said => ({ type, status: 'False', reason, message });

/** Conditions as they are written: those of others stay, and times move where a status does. */
export function writtenConditions(
  before: readonly Condition[] | undefined,
  said: readonly Said[],
  generation: number | undefined,
  now: string,
): Condition[] {
  return said.reduce<Condition[]>(
    (conditions, one) => {
      const observed = generation === undefined ? {} : { observedGeneration: generation };
      return withCondition(conditions, { ...one, ...observed, lastTransitionTime: now }, now);
    },
    [...(before ?? [])],
  );
}
