import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { ClusterView } from '../../cache/cluster-cache.js';
import { same } from '../../framework/event-changes.js';
import type { FilterPlugin, PreBindPlugin, PreFilterResult, ReservePlugin } from '../../framework/plugin.js';
import { type ClusterEventWithHint, on } from '../../framework/queueing-hint.js';
import { type Rejection, unresolvable } from '../../framework/rejection.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { reachOf } from '../../volumes/find-volume.js';
import { type VolumeChoice, volumeChooser } from './choose-volumes.js';
import { isOwnClaim } from './claim-hints.js';
import { podClaims, type StorageView } from './storage-view.js';
import type { VolumeWriter } from './volume-writer.js';

const NOT_FOUND = unresolvable("node(s) didn't find available persistent volumes to bind");
const OUT_OF_REACH = unresolvable("node(s) didn't match PersistentVolume's node affinity");
const NO_VOLUME = unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');

/** What a Pod's claims are given on the node it was given. */
interface Plan {
  readonly choice: VolumeChoice;
  /** All claims of the Pod. */
  readonly claims: readonly PersistentVolumeClaim[];
}

/**
 * Keeps Pods to nodes that reach their volumes, promises free volumes to Pods that were given a node, and binds them before the
 * Pod is. Behaves as kubernetes pkg/scheduler/framework/plugins/volumebinding.
 */
export class VolumeBinding implements FilterPlugin, ReservePlugin, PreBindPlugin {
  readonly name = 'VolumeBinding';
  readonly lasting = true;
  private readonly plans = new Map<string, Plan>();

  /** `promised` has the names of volumes that were promised, with the uids of the claims they are for. */
  constructor(
    private readonly storage: StorageView,
    private readonly writer: Pick<VolumeWriter, 'bind'>,
    private readonly promised: Map<string, string>,
  ) {}

  preFilter(pod: PodInfo, { nodes }: ClusterView): PreFilterResult | undefined {
    const { problem, bound, delayed } = podClaims(pod, this.storage);
    if (problem !== undefined) return { rejection: unresolvable(problem) };
    if (bound.length + delayed.length === 0) return undefined;
    const volumes = bound.map(({ spec }) => this.storage.volume(spec?.volumeName ?? ''));
    if (volumes.some((volume) => !volume)) return { filter: () => NO_VOLUME };
    const reached = volumes.flatMap((volume) => (volume ? [reachOf(volume)] : []));
    const choose = volumeChooser(delayed, this.storage, this.promised);
    const filter = (row: number): Rejection | undefined => {
      const { node } = nodes.at(row);
      if (!node) return NOT_FOUND;
      if (!reached.every((reaches) => reaches(node))) return OUT_OF_REACH;
      return choose(node) ? undefined : NOT_FOUND;
    };
    return { filter };
  }

  eventsToRegister(): readonly ClusterEventWithHint[] {
    return [
      on(
        'StorageClass',
        ['Add', 'Update'],
        (_, { old, current }) => !old || !same(old.allowedTopologies, current?.allowedTopologies),
      ),
      on('PersistentVolumeClaim', ['Add', 'Update'], isOwnClaim),
      on('PersistentVolume', ['Add', 'Update']),
      on('Node', ['Add', 'UpdateNodeLabel']),
    ];
  }

  reserve(pod: PodInfo, nodeName: string, { nodes }: ClusterView): undefined {
    const { bound, delayed } = podClaims(pod, this.storage);
    if (delayed.length === 0) return;
    const node = nodes.find(nodeName)?.node;
    const choice = node && volumeChooser(delayed, this.storage, this.promised)(node);
    if (!choice) throw new Error(`there are no volumes for ${pod.key} on ${nodeName} any more`);
    for (const { claim, volume } of choice.found) {
      this.promised.set(volume.metadata.name ?? '', claim.metadata.uid ?? '');
    }
    this.plans.set(pod.uid, { choice, claims: [...bound, ...delayed] });
  }

  unreserve({ uid }: PodInfo): void {
    for (const { volume } of this.plans.get(uid)?.choice.found ?? []) this.promised.delete(volume.metadata.name ?? '');
    this.plans.delete(uid);
  }

  preBindPreFlight({ uid }: PodInfo): boolean {
    return this.plans.has(uid);
  }

  async preBind(ctx: Context, pod: PodInfo, node: string): Promise<void> {
    const plan = this.plans.get(pod.uid);
    if (!plan) return;
    await this.writer.bind(ctx, plan.choice, node, plan.claims);
    // What was promised is written.
    this.unreserve(pod);
  }
}
