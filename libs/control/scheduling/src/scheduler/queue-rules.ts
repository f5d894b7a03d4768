import type { Framework } from '../framework/framework.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { BackoffLimits } from '../queue/queued-pod.js';
import type { QueueRules } from '../queue/scheduling-queue.js';

/** What the plugins of all profiles mean to the queue. */
export function queueRules(frameworks: readonly Framework[], backoff: BackoffLimits): QueueRules {
  const [first] = frameworks;
  if (!first) throw new TypeError('a scheduler without profiles');
  const byName = new Map(frameworks.map((framework) => [framework.profileName, framework]));
  const of = ({ pod }: PodInfo) => byName.get(pod.spec?.schedulerName ?? '') ?? first;
  return {
    backoff,
    // One order for all: a configuration of several is refused.
    before: (a, b) => first.queueSort.less(a, b),
    gate: (pod) => of(pod).preEnqueues.find((plugin) => plugin.preEnqueue(pod) !== undefined)?.name,
    concerns: (event) => frameworks.some(({ hints }) => hints.concerns(event)),
    hears: (pod, plugin, event) => of(pod).hints.hears(plugin, event),
    wakes: (event, pod, rejectedBy) => !of(pod).hints.hopeful(event, pod, rejectedBy).next().done,
  };
}
