import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { IntOrString } from '@binnacle/machinery-meta';
import { scaledValue } from '@binnacle/machinery-quantity';

function limit(set: DaemonSet, of: 'maxSurge' | 'maxUnavailable', nodes: number): number {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  const value: IntOrString | undefined = rollingUpdate?.[of];
  return type !== 'RollingUpdate' || value === undefined ? 0 : scaledValue(value, nodes, true);
}

/** Whether a node may have two daemons for a while. */
export const allowsSurge = (set: DaemonSet): boolean => limit(set, 'maxSurge', 1) > 0;

export interface UpdateLimits {
  readonly surge: number;
  readonly unavailable: number;
}

/** How far an update of so many nodes may go at once. Where neither is allowed, one may be unavailable. */
export function updateLimits(set: DaemonSet, nodes: number): UpdateLimits {
  const surge = limit(set, 'maxSurge', nodes);
  const unavailable = limit(set, 'maxUnavailable', nodes);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
