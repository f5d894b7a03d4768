import { Clusters, type ClustersOptions } from '@binnacle/client-clusters';
import type { LoopObserver } from '@binnacle/client-controller';
import { LeaderElector } from '@binnacle/client-leader-election';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { clusterControllers, type ManagerSettings } from './cluster-controllers.js';

export interface ControllerManagerOptions {
  readonly client: KubeClient;
  readonly settings: ManagerSettings;
  /** Unique among those who may lead; undefined works without asking for the lease. */
  readonly identity?: string;
  readonly observer?: LoopObserver;
  readonly clusters?: ClustersOptions;
}

/** Runs every controller in every logical cluster while it leads, until the context aborts. */
export class ControllerManager {
  readonly clusters: Clusters;
  private readonly elector: LeaderElector | undefined;

  constructor(private readonly options: ControllerManagerOptions) {
    const { client, identity, clusters } = options;
    this.clusters = new Clusters(client, clusters);
    this.elector = identity ? new LeaderElector(client, { name: 'kube-controller-manager', identity }) : undefined;
  }

  get isLeader(): boolean {
    return this.elector?.isLeader ?? true;
  }

  run(ctx: Context): Promise<void> {
    return this.elector ? this.elector.campaign(ctx, (term) => this.lead(term)) : this.lead(ctx);
  }

  private lead(ctx: Context): Promise<void> {
    const { settings, observer } = this.options;
    return this.clusters.run(ctx, (_, cluster) => clusterControllers(cluster, settings, observer));
  }
}
