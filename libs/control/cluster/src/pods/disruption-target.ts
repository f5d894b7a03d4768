import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { findCondition, formatTime, withCondition } from '@binnacle/machinery-meta';

export const DISRUPTION_TARGET = 'DisruptionTarget';

export interface Disruption {
  readonly reason: string;
  readonly message: string;
  /** Also says that the Pod has failed, when nobody is left who would say so. */
  readonly fail?: boolean;
}

/** Says on the Pod why it is about to be deleted. Rejects with NotFound or Conflict where it changed meanwhile. */
export async function markDisrupted(
  ctx: Context,
  client: ResourceClient<Pod>,
  pod: Pod,
  { reason, message, fail = false }: Disruption,
): Promise<void> {
  const marked = findCondition(pod.status?.conditions, DISRUPTION_TARGET)?.status === 'True';
  if (marked && !fail) return;
  const condition = { type: DISRUPTION_TARGET, status: 'True', reason, message };
  const conditions = withCondition(pod.status?.conditions, condition, formatTime(ctx.clock.now()));
  const status = { ...pod.status, conditions, ...(fail && { phase: 'Failed' }) };
  await client.updateStatus(ctx, { ...pod, status });
}
