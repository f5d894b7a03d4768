import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_MANAGED_ATTACH } from '@binnacle/apis-kubernetes/well-known';
import { againAt, done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { Lister, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isAlreadyExists } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { attachmentName } from './attachable.js';
import type { AttachmentEvents } from './attachment-events.js';
import { type AttachmentPlan, type NodeView, planAttachments } from './plan.js';
import { UnwantedSince } from './unwanted-since.js';
import { type StorageView, type WantedVolume, wantedVolumes } from './wanted-volumes.js';

/** Indexes: Pods with claims by node, attachments by node and by volume. */
export const PODS_OF_NODE = 'podsWithClaimsOfNode';
export const ATTACHMENTS_OF_NODE = 'attachmentsOfNode';
export const ATTACHMENTS_OF_VOLUME = 'attachmentsOfVolume';

export interface AttachDetachOptions {
  readonly pods: Lister<Pod>;
  readonly nodes: SharedInformer<Node>;
  readonly attachments: SharedInformer<VolumeAttachment>;
  readonly storage: StorageView;
  readonly nodeClient: ResourceClient<Node>;
  readonly attachmentClient: ResourceClient<VolumeAttachment>;
  readonly events: AttachmentEvents;
}

export const volumeNameOf = ({ spec }: VolumeAttachment): string => spec.source.persistentVolumeName ?? '';

function attachmentOf(volume: WantedVolume, nodeName: string): VolumeAttachment {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: attachmentName(volume, nodeName) },
    spec: { attacher: volume.driver, nodeName, source: { persistentVolumeName: volume.name } },
  };
}

/** Keys are Nodes'. */
export class AttachDetachReconciler implements Reconciler {
  private readonly unwanted = new UnwantedSince();

  constructor(private readonly options: AttachDetachOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const view = this.look(ctx.clock.now(), key);
    if (view.node && view.node.metadata.annotations?.[ANNOTATION_MANAGED_ATTACH] !== 'true') return done;
    const plan = planAttachments(view);
    for (const volume of plan.attach) await this.attach(ctx, attachmentOf(volume, key));
    this.options.events.failures(key, view, plan);
    if (view.node) await this.tell(ctx, view.node, view, plan);
    for (const attachment of plan.detach) await this.detach(ctx, attachment);
    return plan.forceIn === undefined ? done : againAt(ctx.clock.now() + plan.forceIn);
  }

  private look(now: number, key: string): NodeView {
    const { pods, nodes, attachments, storage } = this.options;
    const here = attachments.byIndex(ATTACHMENTS_OF_NODE, key);
    const wanted = wantedVolumes(pods.byIndex(PODS_OF_NODE, key), storage);
    const unwanted = here.map(volumeNameOf).filter((name) => !wanted.has(name));
    this.unwanted.note(key, new Set(unwanted), now);
    return {
      node: nodes.get(key),
      wanted,
      attachments: here,
      volume: storage.volume,
      isElsewhere: (name) => attachments.byIndex(ATTACHMENTS_OF_VOLUME, name).some(({ spec }) => spec.nodeName !== key),
      unwantedFor: (name) => this.unwanted.milliseconds(key, name, now),
    };
  }

  private async attach(ctx: Context, attachment: VolumeAttachment): Promise<void> {
    const { attachments, attachmentClient } = this.options;
    try {
      const made = await attachmentClient.create(ctx, attachment);
      await attachments.waitFor(ctx, made.metadata.resourceVersion ?? '0');
    } catch (error) {
      // Made by an earlier attempt whose answer was lost, or not gone yet: an event of it follows.
      if (!isAlreadyExists(error)) throw error;
    }
  }

  /** By the version that was looked at: a volume that the node uses since then is not taken from it. */
  private async tell(ctx: Context, node: Node, { wanted }: NodeView, { attached }: AttachmentPlan): Promise<void> {
    const { name = '', resourceVersion } = node.metadata;
    const before = (node.status?.volumesAttached ?? []).map((volume) => volume.name);
    if (semanticEqual([...before].sort(), attached)) return;
    const volumesAttached = attached.map((each) => ({ name: each, devicePath: '' }));
    const { nodes, nodeClient, events } = this.options;
    const patch = { metadata: { resourceVersion }, status: { volumesAttached } };
    const written = await nodeClient.patch(ctx, { name }, 'merge', patch, 'status');
    await nodes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    const isNew = ({ uniqueName }: WantedVolume) => attached.includes(uniqueName) && !before.includes(uniqueName);
    events.succeeded([...wanted.values()].filter(isNew));
  }

  private async detach(ctx: Context, { metadata }: VolumeAttachment): Promise<void> {
    const { name = '', uid } = metadata;
    await ignoreNotFound(this.options.attachmentClient.delete(ctx, { name }, { preconditions: { uid } }));
  }
}
