import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { DefaultPreemptionArgs } from '../../configuration/types.js';
import type { Instruments } from '../../framework/instruments.js';
import type { PostFilterPlugin, PostFilterResult, PreEnqueuePlugin } from '../../framework/plugin.js';
import { type ClusterEventWithHint, on } from '../../framework/queueing-hint.js';
import type { Rejections } from '../../framework/rejections.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { findPreemption } from './candidates.js';
import type { PreemptionExecutor } from './executor.js';
import type { PreemptionView } from './victims.js';

const nothing = (text: string, nominated?: null): PostFilterResult => ({
  helped: false,
  reasons: [`preemption: ${text}`],
  ...(nominated === null && { nominated }),
});

/** Whether a Pod is on its way out to make room. */
function isLeaving({ metadata, status }: Pod): boolean {
  const target = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return Boolean(metadata.deletionTimestamp) && target?.status === 'True' && target.reason === 'PreemptionByScheduler';
}

/**
 * PostFilter: makes room for a Pod by ending others of lower priority. PreEnqueue: meanwhile the Pod is not tried again.
 * Behaves as kubernetes pkg/scheduler/framework/plugins/defaultpreemption.
 */
export class DefaultPreemption implements PostFilterPlugin, PreEnqueuePlugin {
  readonly name = 'DefaultPreemption';

  /** `view` answers what there is when it is asked: plugins know each other only when all are made. */
  constructor(
    private readonly args: DefaultPreemptionArgs,
    private readonly view: () => PreemptionView,
    private readonly executor: PreemptionExecutor,
    private readonly instruments: Pick<Instruments, 'preemptionAttempted'>,
  ) {}

  postFilter(ctx: Context, pod: PodInfo, rejections: Rejections): PostFilterResult {
    this.instruments.preemptionAttempted();
    if (pod.pod.spec?.preemptionPolicy === 'Never') return nothing('not eligible due to preemptionPolicy=Never.');
    if (this.isWaiting(pod, rejections)) {
      return nothing('not eligible due to a terminating pod on the nominated node.');
    }
    const outcome = findPreemption(pod, rejections, this.view(), this.args);
    // A promise that cannot be kept any more must not keep others away.
    if ('message' in outcome) return nothing(outcome.message, null);
    const { node, victims } = outcome.candidate;
    this.executor.begin(ctx, pod, outcome.candidate);
    return { nominated: node, helped: true, reasons: [], victims: victims.map(({ key }) => key) };
  }

  preEnqueue(pod: PodInfo): string | undefined {
    if (!this.executor.isRunning(pod.uid)) return undefined;
    return 'waiting for the preemption for this pod to be finished';
  }

  /** Events wake the Pod by the plugins that rejected it; this one only asks to be asked again. */
  eventsToRegister(): readonly ClusterEventWithHint[] {
    return [on('Pod', ['Delete'], () => false)];
  }

  /** Whether victims are on their way out of the node that was promised to the Pod, and could still let it in. */
  private isWaiting(pod: PodInfo, rejections: Rejections): boolean {
    const { cluster } = this.view();
    const nominated = cluster.nominations.nodeOf(pod.uid);
    const entry = nominated === undefined ? undefined : cluster.nodes.find(nominated);
    if (!entry || rejections.get(entry.row)?.unresolvable) return false;
    return [...entry.pods.values()].some((other) => other.priority < pod.priority && isLeaving(other.pod));
  }
}
