import { type Observe, runControllers } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import { LeaderElector } from '@binnacle/client-leader-election';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { allControllers, type ControllerSettings } from './controllers.js';

export interface ControllerManagerOptions {
  readonly client: KubeClient;
  readonly settings: ControllerSettings;
  /** Unique among those who may lead; undefined works without asking for the lease. */
  readonly identity?: string;
  readonly observe?: Observe;
}

/** Runs every controller while it leads, until the context aborts. */
export class ControllerManager {
  private readonly elector: LeaderElector | undefined;

  constructor(private readonly options: ControllerManagerOptions) {
    const { client, identity } = options;
    this.elector = identity ? new LeaderElector(client, { name: 'kube-controller-manager', identity }) : undefined;
  }

  get isLeader(): boolean {
    return this.elector?.isLeader ?? true;
  }

  run(ctx: Context): Promise<void> {
    return this.elector ? this.elector.campaign(ctx, (term) => this.lead(term)) : this.lead(ctx);
  }

  private async lead(ctx: Context): Promise<void> {
    const { client, settings, observe } = this.options;
    const informers = new SharedInformerFactory(client);
    const controllers = allControllers(ctx, { client, informers }, settings);
    informers.start(ctx);
    ctx.logger.info('controllers started', { controllers: controllers.map(({ name }) => name) });
    await runControllers(ctx, controllers, observe);
    await informers.stopped();
  }
}
