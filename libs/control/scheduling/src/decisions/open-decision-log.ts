import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { NodeRows } from './attempt.js';
import { DecisionLog } from './decision-log.js';
import { type CountDecisions, DecisionSender } from './decision-sender.js';

export interface DecisionOptions {
  /** Attempts of which every node is told, a second. */
  readonly detailsPerSecond: number;
  /** Told what became of decisions. */
  readonly count: CountDecisions;
}

/** What is looked at of the cluster. */
export interface DecisionView {
  readonly client: Pick<KubeClient, 'raw'>;
  readonly nodes: NodeRows;
  /** The newest revision that has been seen. */
  readonly revision: () => number;
}

/** What tells the API server of attempts from now on. */
export function openDecisionLog(
  ctx: Context,
  { client, nodes, revision }: DecisionView,
  { detailsPerSecond, count }: DecisionOptions,
): DecisionLog {
  const sender = new DecisionSender(ctx, client, count);
  return new DecisionLog(ctx, nodes, sender, { detailsPerSecond, revision });
}
