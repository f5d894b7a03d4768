import type { Settle } from '@binnacle/client-clusters';
import { createEventRecorder, type Pending } from '@binnacle/client-controller';
import { type QueueSizes, runScheduler, type SchedulerOptions } from '@binnacle/control-scheduling';

/** Where it is told how many Pods wait in a cluster, as long as somebody schedules there. */
export type QueueGauge = Set<() => QueueSizes>;

/** What schedules the Pods of one logical cluster; nothing of it is kept while the cluster rests. */
export function schedulerOf(options: SchedulerOptions, gauge: QueueGauge = new Set()): Settle {
  return (_, { client }) => {
    let pending = (): Pending => ({ busy: true });
    return {
      live: async (ctx) => {
        let queues: (() => QueueSizes) | undefined;
        const begun: SchedulerOptions['begun'] = (now, sizes) => {
          [pending, queues] = [now, sizes];
          gauge.add(sizes);
        };
        const recorders = (component: string) => createEventRecorder(ctx, client, { component });
        try {
          await runScheduler(ctx, client, recorders, { ...options, begun });
        } finally {
          if (queues) gauge.delete(queues);
        }
      },
      pending: () => pending(),
    };
  };
}
