import { type LogicalCluster, ResidentControllers } from '@binnacle/client-clusters';
import type { LoopObserver } from '@binnacle/client-controller';
import type { SignCertificate, SignLegacyToken } from '@binnacle/control-cluster';
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

/** Every controller, in one logical cluster. */
export function clusterControllers(
  cluster: LogicalCluster,
  settings: ManagerSettings,
  observer?: LoopObserver,
): ResidentControllers {
  const own = settingsIn(cluster, settings);
  return new ResidentControllers(cluster.client, (ctx, deps) => allControllers(ctx, deps, own), observer);
}
