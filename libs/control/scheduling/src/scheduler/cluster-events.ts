import type { Namespace, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Informer } from '@binnacle/client-informers';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { KubeObject } from '@binnacle/machinery-meta';
import { changesAnything, nodeChanges } from '../framework/cluster-event.js';
import { podInfo } from '../pod/pod-info.js';
import type { SchedulingQueue } from '../queue/scheduling-queue.js';
import { isPlaced, isWaiting } from './placed-pods.js';

const ALL_CHANGES = { allocatable: true, labels: true, taints: true, features: true };

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Only what a rule could look at; status reports of a waiting Pod do not make it schedulable. */
function deservesAnotherLook(pod: Pod, old: Pod): boolean {
  return !same(pod.spec, old.spec) || !same(pod.metadata.labels, old.metadata.labels);
}

/** What watches tell, turned into what the cache knows and whom the queue wakes. */
export class ClusterEvents {
  constructor(
    private readonly cache: ClusterCache,
    private readonly queue: SchedulingQueue,
    private readonly schedulerName: string,
  ) {}

  followNodes(nodes: Informer<Node>): void {
    nodes.addHandler({
      added: (node) => {
        this.cache.setNode(node);
        this.queue.happened({ kind: 'node', node, changes: ALL_CHANGES, added: true });
      },
      updated: (node, old) => {
        this.cache.setNode(node);
        const changes = nodeChanges(node, old);
        if (changesAnything(changes)) this.queue.happened({ kind: 'node', node, changes, added: false });
      },
      deleted: (node) => this.cache.removeNode(node.metadata.name ?? ''),
    });
  }

  followPods(pods: Informer<Pod>): void {
    pods.addHandler({
      added: (pod) => this.podChanged(pod, undefined),
      updated: (pod, old) => this.podChanged(pod, old),
      deleted: (pod) => {
        this.cache.nominations.delete(pod.metadata.uid ?? '');
        this.queue.delete(pod.metadata.uid ?? '');
        this.free(pod);
      },
    });
  }

  followNamespaces(namespaces: Informer<Namespace>): void {
    namespaces.addHandler({
      added: () => this.queue.happened({ kind: 'namespace' }),
      updated: (namespace, old) => {
        if (!same(namespace.metadata.labels, old.metadata.labels)) this.queue.happened({ kind: 'namespace' });
      },
    });
  }

  /** What Pods' volumes depend on. */
  followStorage(informers: readonly Informer<KubeObject>[]): void {
    const happened = () => this.queue.happened({ kind: 'storage' });
    for (const informer of informers) informer.addHandler({ added: happened, updated: happened, deleted: happened });
  }

  private podChanged(pod: Pod, old: Pod | undefined): void {
    if (isPlaced(pod)) return this.placed(pod, old);
    if (isWaiting(pod, this.schedulerName)) return this.waiting(pod, old);
    this.cache.nominations.delete(pod.metadata.uid ?? '');
    this.queue.delete(pod.metadata.uid ?? '');
    // A Pod that is terminating but was just bound by us stays counted until the watch says where it is, or that it is gone.
    if (!this.cache.isAssumed(pod.metadata.uid ?? '') || pod.status?.phase === 'Failed') this.free(pod);
  }

  private placed(pod: Pod, old: Pod | undefined): void {
    const info = podInfo(pod);
    const known = this.cache.placementOf(info.uid);
    this.queue.delete(info.uid);
    this.cache.nominations.delete(info.uid);
    this.cache.confirm(info, pod.spec?.nodeName ?? '');
    if (!known) this.queue.happened({ kind: 'podAssigned', pod: info });
    else if (old && known.pod.group !== info.group) this.queue.happened({ kind: 'podRelabelled', pod: info });
  }

  private waiting(pod: Pod, old: Pod | undefined): void {
    const info = podInfo(pod);
    if (this.cache.isAssumed(info.uid)) return this.queue.refresh(info);
    const nominated = pod.status?.nominatedNodeName;
    if (nominated) this.cache.nominations.set(info, nominated);
    if (!old || !this.queue.has(info.uid) || deservesAnotherLook(pod, old)) this.queue.set(info);
    else this.queue.refresh(info);
  }

  private free(pod: Pod): void {
    const freed = this.cache.remove(pod.metadata.uid ?? '');
    if (freed) this.queue.happened({ kind: 'podFreed', pod: freed });
  }
}
