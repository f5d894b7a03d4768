import { AUTO_UPDATE_ANNOTATION, CATCH_ALL, EXEMPT } from '../names.js';
import type { PriorityLevelConfiguration, PriorityLevelConfigurationSpec, QueuingConfiguration } from '../index.js';

function level(name: string, spec: PriorityLevelConfigurationSpec): PriorityLevelConfiguration {
  return {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'PriorityLevelConfiguration',
    metadata: { name, annotations: { [AUTO_UPDATE_ANNOTATION]: 'true' } },
    spec,
  };
}

function queued(
  name: string,
  nominalConcurrencyShares: number,
  lendablePercent: number,
  queuing: QueuingConfiguration = { queues: 128, handSize: 6, queueLengthLimit: 50 },
): PriorityLevelConfiguration {
  const limited = { nominalConcurrencyShares, lendablePercent, limitResponse: { type: 'Queue', queuing } };
  return level(name, { type: 'Limited', limited });
}

/** Exist at all times. Behaves as k8s.io/apiserver pkg/apis/flowcontrol/bootstrap. */
export const mandatoryPriorityLevels: readonly PriorityLevelConfiguration[] = [
  level(CATCH_ALL, {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
  }),
  level(EXEMPT, { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
];

const NODES: QueuingConfiguration = { queues: 64, handSize: 6, queueLengthLimit: 50 };

/** Made anew where they are missing; an operator may change them. */
export const suggestedPriorityLevels: readonly PriorityLevelConfiguration[] = [
  queued('system', 30, 33, NODES),
  // Apart from `system`, so that Nodes are heard of while their kubelets fetch what their Pods need.
  queued('node-high', 40, 25, NODES),
  queued('leader-election', 10, 0, { queues: 16, handSize: 4, queueLengthLimit: 50 }),
  queued('workload-high', 40, 50),
  queued('workload-low', 100, 90),
  queued('global-default', 20, 50),
];
