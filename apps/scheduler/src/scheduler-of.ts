import type { Settle } from '@binnacle/client-clusters';
import { createEventRecorder, type Pending } from '@binnacle/client-controller';
import { runScheduler, type SchedulerOptions } from '@binnacle/control-scheduling';

/** What schedules the Pods of one logical cluster; nothing of it is kept while the cluster rests. */
export function schedulerOf(options: SchedulerOptions & { readonly schedulerName: string }): Settle {
  return (_, { client }) => {
    let pending = (): Pending => ({ busy: true });
    const begun = (now: () => Pending) => {
      pending = now;
    };
    return {
      live: (ctx) => {
        const recorder = createEventRecorder(ctx, client, { component: options.schedulerName });
        return runScheduler(ctx, client, recorder, { ...options, begun });
      },
      pending: () => pending(),
    };
  };
}
