import type { Namespace, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Informer } from '@binnacle/client-informers';
import type { SharedState } from '../framework/handle.js';
import { nodeActions, podActions, same } from '../framework/event-changes.js';
import { type PodInfo, podInfo } from '../pod/pod-info.js';
import type { SchedulingQueue } from '../queue/scheduling-queue.js';
import { isPlaced, isWaiting } from './placed-pods.js';

const uidOf = ({ metadata }: Pod): string => metadata.uid ?? '';

/** What watches tell, turned into what the cache knows and whom the queue wakes. Behaves as kubernetes eventhandlers.go. */
export class ClusterEvents {
  constructor(
    private readonly shared: Pick<SharedState, 'cluster' | 'waitingPods'>,
    private readonly queue: SchedulingQueue,
    private readonly schedulerNames: ReadonlySet<string>,
  ) {}

  followNodes(nodes: Informer<Node>): void {
    const { cluster } = this.shared;
    nodes.addHandler({
      added: (node) => {
        cluster.setNode(node);
        this.queue.happened({ resource: 'Node', action: 'Add', current: node });
      },
      updated: (node, old) => {
        cluster.setNode(node);
        for (const action of nodeActions(node, old)) {
          this.queue.happened({ resource: 'Node', action, old, current: node });
        }
      },
      deleted: (node) => {
        cluster.removeNode(node.metadata.name ?? '');
        this.queue.happened({ resource: 'Node', action: 'Delete', old: node });
      },
    });
  }

  followPods(pods: Informer<Pod>): void {
    pods.addHandler({
      added: (pod) => this.podChanged(pod, undefined),
      updated: (pod, old) => this.podChanged(pod, old),
      deleted: (pod) => this.leave(pod),
    });
  }

  followNamespaces(namespaces: Informer<Namespace>): void {
    namespaces.addHandler({
      added: (current) => this.queue.happened({ resource: 'Namespace', action: 'Add', current }),
      updated: (current, old) => {
        if (same(current.metadata.labels, old.metadata.labels)) return;
        this.queue.happened({ resource: 'Namespace', action: 'Update', old, current });
      },
    });
  }

  private podChanged(pod: Pod, old: Pod | undefined): void {
    if (isPlaced(pod)) return this.placed(pod);
    if (isWaiting(pod, this.schedulerNames)) return this.waiting(pod, old);
    // A Pod that is terminating but was just bound by us stays counted until the watch says where it is, or that it is gone.
    const binding = this.shared.cluster.isAssumed(uidOf(pod)) && pod.status?.phase !== 'Failed';
    this.leave(pod, !binding);
  }

  /** The Pod waits for no node any more; `free` tells whether its room is free too. */
  private leave(pod: Pod, free = true): void {
    const uid = uidOf(pod);
    const { cluster, waitingPods } = this.shared;
    const promised = cluster.nominations.nodeOf(uid) !== undefined && !cluster.placementOf(uid);
    cluster.nominations.delete(uid);
    this.queue.delete(uid);
    waitingPods.get(uid)?.reject('', 'removed');
    const freed = free ? cluster.remove(uid) : undefined;
    if (freed) this.queue.happened({ resource: 'Pod', action: 'Delete', old: freed });
    else if (promised) this.promiseEnded(podInfo(pod));
  }

  /** The room that was kept for a Pod may be taken by those that had to leave it alone. */
  private promiseEnded(old: PodInfo): void {
    const mayTake = ({ uid, priority }: PodInfo) => uid !== old.uid && priority <= old.priority;
    this.queue.happened({ resource: 'Pod', action: 'Delete', old }, mayTake);
  }

  private placed(pod: Pod): void {
    const { cluster } = this.shared;
    const current = podInfo(pod);
    const known = cluster.isAssumed(current.uid) ? undefined : cluster.placementOf(current.uid);
    this.queue.delete(current.uid);
    cluster.nominations.delete(current.uid);
    cluster.confirm(current, pod.spec?.nodeName ?? '');
    if (!known) return this.queue.happened({ resource: 'Pod', action: 'Add', current });
    // What else changes of a Pod that has its node, as often as it reports, is nothing to those that wait.
    for (const action of podActions(current, known.pod).filter((one) => one !== 'Update')) {
      this.queue.happened({ resource: 'Pod', action, old: known.pod, current });
    }
  }

  private waiting(pod: Pod, old: Pod | undefined): void {
    const { cluster } = this.shared;
    const info = podInfo(pod);
    if (cluster.isAssumed(info.uid)) return this.queue.refresh(info);
    const [next, before] = [pod, old].map((one) => one?.status?.nominatedNodeName);
    if (next) cluster.nominations.set(info, next);
    else if (before) cluster.nominations.delete(info.uid);
    this.queue.set(info);
    if (before && before !== next) this.promiseEnded(info);
  }
}
