import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { ClusterView } from '../../cache/cluster-cache.js';
import type { ClusterEvent } from '../../framework/cluster-event.js';
import type { FilterPlugin, NodeFilter, Rejection, Reservation, ReservePlugin } from '../../framework/plugin.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { reachesNode } from '../../volumes/find-volume.js';
import { chooseVolumes } from './choose-volumes.js';
import { podClaims, type StorageView } from './storage-view.js';
import type { VolumeWriter } from './volume-writer.js';

const unresolvable = (reason: string): Rejection => ({ reasons: [reason], unresolvable: true });
const NOT_FOUND = unresolvable("node(s) didn't find available persistent volumes to bind");
const OUT_OF_REACH = unresolvable("node(s) didn't match PersistentVolume's node affinity");
const NO_VOLUME = unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');

/**
 * Keeps Pods to nodes that reach their volumes, promises free volumes to Pods that were given a node, and binds them before the
 * Pod is. Behaves as kubernetes pkg/scheduler/framework/plugins/volumebinding.
 */
export class VolumeBinding implements FilterPlugin, ReservePlugin {
  readonly name = 'VolumeBinding';
  private readonly promised = new Set<string>();

  constructor(
    private readonly storage: StorageView,
    private readonly writer: VolumeWriter,
  ) {}

  preFilter(pod: PodInfo, { nodes }: ClusterView): NodeFilter | undefined {
    const { problem, bound, delayed } = podClaims(pod, this.storage);
    if (problem !== undefined) {
      const rejection = { ...unresolvable(problem), ofPod: true };
      return () => rejection;
    }
    if (bound.length + delayed.length === 0) return undefined;
    return (row) => {
      const { node } = nodes.at(row);
      if (!node) return NOT_FOUND;
      const volumes = bound.map(({ spec }) => this.storage.volume(spec?.volumeName ?? ''));
      if (volumes.some((volume) => !volume)) return NO_VOLUME;
      if (volumes.some((volume) => volume && !reachesNode(volume, node))) return OUT_OF_REACH;
      return chooseVolumes(delayed, node, this.storage, this.promised) ? undefined : NOT_FOUND;
    };
  }

  wakes(event: ClusterEvent): boolean {
    return event.kind === 'storage' || (event.kind === 'node' && (event.added || event.changes.labels));
  }

  reserve(pod: PodInfo, nodeName: string, { nodes }: ClusterView): Reservation | undefined {
    const { bound, delayed } = podClaims(pod, this.storage);
    if (delayed.length === 0) return undefined;
    const node = nodes.find(nodeName)?.node;
    const choice = node && chooseVolumes(delayed, node, this.storage, this.promised);
    if (!choice) throw new Error(`there are no volumes for ${pod.key} on ${nodeName} any more`);
    const names = choice.found.map(({ volume }) => volume.metadata.name ?? '');
    for (const name of names) this.promised.add(name);
    const claims: readonly PersistentVolumeClaim[] = [...bound, ...delayed];
    return {
      preBind: (ctx) => this.writer.bind(ctx, choice, nodeName, claims),
      end: () => {
        for (const name of names) this.promised.delete(name);
      },
    };
  }
}
