import { type Controller, type LoopObserver, type Pending, RunningControllers } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { Resident } from './types.js';

/** Makes the loops that work in one cluster, for as long as it is awake. */
export type MakeControllers = (
  ctx: Context,
  deps: { readonly client: KubeClient; readonly informers: SharedInformerFactory },
) => readonly Controller[];

/** The control loops of a program in one logical cluster; nothing of them is kept while the cluster rests. */
export class ResidentControllers implements Resident {
  private running: RunningControllers | undefined;

  constructor(
    private readonly client: KubeClient,
    private readonly make: MakeControllers,
    private readonly observer?: LoopObserver,
  ) {}

  async live(ctx: Context): Promise<void> {
    const { client } = this;
    const informers = new SharedInformerFactory(client);
    const controllers = this.make(ctx, { client, informers });
    informers.start(ctx);
    this.running = new RunningControllers(ctx, controllers, this.observer);
    ctx.logger.info('controllers started', { controllers: controllers.map(({ name }) => name) });
    await this.running.ended;
    await informers.stopped();
  }

  pending(): Pending {
    return this.running?.pending ?? { busy: true };
  }
}
