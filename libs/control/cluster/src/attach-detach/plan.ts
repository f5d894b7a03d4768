import type { Node, PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { type VolumeAttachment, uniqueVolumeName } from '@binnacle/apis-kubernetes/storage/v1';
import { TAINT_NODE_OUT_OF_SERVICE } from '@binnacle/apis-kubernetes/well-known';
import { isOwnAttachment } from './attachable.js';
import type { WantedVolume } from './wanted-volumes.js';

/** How long a volume that a node which is not well says it uses stays with it. */
export const MAX_WAIT_FOR_UNMOUNT = 360_000;

export interface NodeView {
  /** Undefined for one that is gone. */
  readonly node: Node | undefined;
  readonly wanted: ReadonlyMap<string, WantedVolume>;
  /** Those to the node. */
  readonly attachments: readonly VolumeAttachment[];
  volume(name: string): PersistentVolume | undefined;
  /** Whether a volume is attached to another node, or on its way there or from there. */
  isElsewhere(volume: string): boolean;
  /** Milliseconds for which a volume has not been wanted here. */
  unwantedFor(volume: string): number;
}

export interface AttachmentPlan {
  readonly attach: readonly WantedVolume[];
  /** Wanted here, but another node has them for itself. */
  readonly blocked: readonly WantedVolume[];
  /** What the node is to be told is attached, sorted. */
  readonly attached: readonly string[];
  readonly detach: readonly VolumeAttachment[];
  /** Milliseconds until a volume is taken from the node though it says that it uses it; undefined where none waits for that. */
  readonly forceIn?: number;
}

const volumeOf = ({ spec }: VolumeAttachment): string => spec.source.persistentVolumeName ?? '';

const isReady = ({ status }: Node) =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

const isOutOfService = ({ spec }: Node) => spec?.taints?.some(({ key }) => key === TAINT_NODE_OUT_OF_SERVICE) ?? false;

/** Milliseconds until an attachment that nobody wants may go: 0 is now, undefined once the node has let go. */
function waitFor(view: NodeView, attachment: VolumeAttachment): number | undefined {
  const { node } = view;
  if (!node || isOutOfService(node)) return 0;
  if (!node.status?.volumesInUse?.includes(uniqueNameOf(view, attachment))) return 0;
  if (isReady(node)) return undefined;
  return Math.max(0, MAX_WAIT_FOR_UNMOUNT - view.unwantedFor(volumeOf(attachment)));
}

/** Empty where the volume is gone: then nobody uses it either. */
function uniqueNameOf({ volume, wanted }: NodeView, attachment: VolumeAttachment): string {
  const name = volumeOf(attachment);
  const csi = volume(name)?.spec?.csi;
  return wanted.get(name)?.uniqueName ?? (csi ? uniqueVolumeName(csi.driver, csi.volumeHandle) : '');
}

function missing({ node, wanted, attachments, isElsewhere }: NodeView): Pick<AttachmentPlan, 'attach' | 'blocked'> {
  const here = new Set(attachments.map(volumeOf));
  const lacking = node ? [...wanted.values()].filter(({ name }) => !here.has(name)) : [];
  const isBlocked = ({ exclusive, name }: WantedVolume) => exclusive && isElsewhere(name);
  return { attach: lacking.filter((volume) => !isBlocked(volume)), blocked: lacking.filter(isBlocked) };
}

/** What is to be attached to a node and what taken from it. Behaves as kubernetes volume/attachdetach/reconciler. */
export function planAttachments(view: NodeView): AttachmentPlan {
  const unwanted = view.attachments.filter(
    (each) =>
      isOwnAttachment(each.metadata.name) && !view.wanted.has(volumeOf(each)) && !each.metadata.deletionTimestamp,
  );
  const waits = new Map(unwanted.map((each) => [each, waitFor(view, each)]));
  const detach = unwanted.filter((each) => waits.get(each) === 0);
  const stays = ({ metadata, status }: VolumeAttachment) => status?.attached === true && !metadata.deletionTimestamp;
  const attached = view.attachments.filter((each) => stays(each) && !detach.includes(each));
  const later = [...waits.values()].filter((wait): wait is number => wait !== undefined && wait > 0);
  return {
    ...missing(view),
    attached: [...new Set(attached.map((each) => uniqueNameOf(view, each)).filter(Boolean))].sort(),
    detach,
    ...(later.length > 0 && { forceIn: Math.min(...later) }),
  };
}
