import type { LogicalCluster, Resident } from '@binnacle/client-clusters';
import { type LoopObserver, type Pending, RunningControllers } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import type { SignCertificate, SignLegacyToken } from '@binnacle/control-cluster';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { allControllers, type ControllerSettings } from './controllers.js';

/** What holds in every logical cluster; `clusterCidr` is for the one whose addresses are not told with it. */
export interface ManagerSettings extends Omit<ControllerSettings, 'signToken' | 'signCertificate'> {
  /** Signs the tokens that Secrets of a cluster ask for; without it they are left as they are. */
  readonly signTokens?: (cluster: string) => SignLegacyToken;
  /**
   * Signs in the cluster `main` alone: certificates are good in every cluster of the installation, so that who administers
   * one of the others must not make any.
   */
  readonly signCertificates?: SignCertificate;
}

function settingsIn(
  { name, network }: LogicalCluster,
  { signTokens, signCertificates: signCertificate, ...settings }: ManagerSettings,
): ControllerSettings {
  const { podCIDR = settings.clusterCidr } = network;
  return {
    ...settings,
    clusterCidr: podCIDR,
    ...(signTokens && { signToken: signTokens(name) }),
    ...(signCertificate && name === DEFAULT_CLUSTER && { signCertificate }),
  };
}

/** Every controller, in one logical cluster; nothing of it is kept while the cluster rests. */
export class ClusterControllers implements Resident {
  private running: RunningControllers | undefined;

  constructor(
    private readonly cluster: LogicalCluster,
    private readonly settings: ManagerSettings,
    private readonly observer: LoopObserver | undefined,
  ) {}

  async live(ctx: Context): Promise<void> {
    const { client } = this.cluster;
    const informers = new SharedInformerFactory(client);
    const controllers = allControllers(ctx, { client, informers }, settingsIn(this.cluster, this.settings));
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
