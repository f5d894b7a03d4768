import type { EventRecorder } from '@binnacle/client-controller';
import type { SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Clock } from '@binnacle/machinery-context';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { Framework } from './framework.js';
import type { Instruments } from './instruments.js';
import type { WaitingPods } from './waiting-pods.js';

/** What all profiles of a scheduler share. */
export interface SharedState {
  readonly clock: Pick<Clock, 'now'>;
  readonly cluster: ClusterCache;
  readonly waitingPods: WaitingPods;
  /** By uid, Pods for which something is being done before they are bound, and what ends that; false where it is too late. */
  readonly preBinding: Map<string, (why: string) => boolean>;
  /** Names of volumes that claims were promised, with the uids of those claims. */
  readonly promisedVolumes: Map<string, string>;
  readonly instruments: Instruments;
}

/** What a plugin is given to work with. Behaves as kubernetes kube-scheduler/framework Handle. */
export interface Handle {
  readonly profileName: string;
  readonly client: KubeClient;
  readonly informers: SharedInformerFactory;
  readonly recorder: EventRecorder;
  readonly shared: SharedState;
  /** The profile's plugins. Not to be asked for while they are being made. */
  framework(): Framework;
  /** What was being done for a waiting Pod has failed: it is tried again after a pause. */
  retry(uid: string): void;
  /** A plugin that keeps the Pod out of the queue may have nothing against it any more. */
  recheck(uid: string): void;
}
