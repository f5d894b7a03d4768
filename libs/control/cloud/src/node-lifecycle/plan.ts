import type { Node, Taint } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition } from '@binnacle/machinery-meta';

/** The machine of a node is shut down. */
export const TAINT_SHUTDOWN = { key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' } as const;

/** A machine is asked for only where its node does not say that it is well. */
export const isReady = ({ status }: Node): boolean => findCondition(status?.conditions, 'Ready')?.status === 'True';

const isShutdownTaint = ({ key, effect }: Taint): boolean =>
  key === TAINT_SHUTDOWN.key && effect === TAINT_SHUTDOWN.effect;

/** The taints of a node whose machine is shut down, or is not; undefined where it has them. */
export function planTaints({ spec }: Node, isShutdown: boolean): Taint[] | undefined {
  const taints = spec?.taints ?? [];
  const has = taints.some(isShutdownTaint);
  if (has === isShutdown) return undefined;
  return isShutdown ? [...taints, TAINT_SHUTDOWN] : taints.filter((taint) => !isShutdownTaint(taint));
}
