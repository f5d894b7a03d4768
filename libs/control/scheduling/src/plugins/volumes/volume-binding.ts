import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { ClusterView } from '../../cache/cluster-cache.js';
import type { ClusterEvent } from '../../framework/cluster-event.js';
import type { FilterPlugin, NodeFilter, Rejection, Reservation, ReservePlugin } from '../../framework/plugin.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { reachOf } from '../../volumes/find-volume.js';
import { volumeChooser } from './choose-volumes.js';
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
  private readonly promised = new Map<string, string>();

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
    const volumes = bound.map(({ spec }) => this.storage.volume(spec?.volumeName ?? ''));
    if (volumes.some((volume) => !volume)) return () => NO_VOLUME;
    const reached = volumes.flatMap((volume) => (volume ? [reachOf(volume)] : []));
    const choose = volumeChooser(delayed, this.storage, this.promised);
    return (row) => {
      const { node } = nodes.at(row);
      if (!node) return NOT_FOUND;
      if (!reached.every((reaches) => reaches(node))) return OUT_OF_REACH;
      return choose(node) ? undefined : NOT_FOUND;
    };
  }

  wakes(event: ClusterEvent): boolean {
    return event.kind === 'storage' || (event.kind === 'node' && (event.added || event.changes.labels));
  }

  reserve(pod: PodInfo, nodeName: string, { nodes }: ClusterView): Reservation | undefined {
    const { bound, delayed } = podClaims(pod, this.storage);
    if (delayed.length === 0) return undefined;
    const node = nodes.find(nodeName)?.node;
    const choice = node && volumeChooser(delayed, this.storage, this.promised)(node);
    if (!choice) throw new Error(`there are no volumes for ${pod.key} on ${nodeName} any more`);
    for (const { claim, volume } of choice.found) {
      this.promised.set(volume.metadata.name ?? '', claim.metadata.uid ?? '');
    }
    const claims: readonly PersistentVolumeClaim[] = [...bound, ...delayed];
    return {
      preBind: (ctx) => this.writer.bind(ctx, choice, nodeName, claims),
      end: () => {
        for (const { volume } of choice.found) this.promised.delete(volume.metadata.name ?? '');
      },
    };
  }
}
