import type { Scenario } from '../scenario.js';
import { accounts, adjusted, autoscalers, budgets, garbage, namespaces, quotas } from './cluster.js';
import { daemonSets } from './daemon-sets.js';
import { deployments, replicaSets, replicationControllers } from './deployments.js';
import { cronJobs, jobs } from './jobs.js';
import { services } from './networking.js';
import { placed, tainted, unschedulable } from './scheduling.js';
import { statefulSets } from './stateful-sets.js';
import { volumes } from './volumes.js';

/** Everything that is compared. */
export const scenarios: readonly Scenario[] = [
  // What waits for minutes begins first.
  ...cronJobs,
  ...autoscalers,
  ...deployments,
  ...replicaSets,
  ...replicationControllers,
  ...statefulSets,
  ...daemonSets,
  ...jobs,
  ...quotas,
  ...budgets,
  ...namespaces,
  ...accounts,
  ...garbage,
  ...volumes,
  ...services,
  ...adjusted,
  ...unschedulable,
  ...placed,
  ...tainted,
];
