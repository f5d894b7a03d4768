import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import { multiAttachError } from './multi-attach.js';
import type { AttachmentPlan, NodeView } from './plan.js';
import type { WantedVolume } from './wanted-volumes.js';

interface Failure {
  readonly volume: WantedVolume;
  readonly message: (pod: Pod) => string;
  /** Tells this failure from another of the volume. */
  readonly id: string;
}

/** Tells Pods what becomes of their volumes; of what stays the same, once. */
export class AttachmentEvents {
  /** What was said of the volumes of each node. */
  private readonly said = new Map<string, ReadonlySet<string>>();

  /** `podsUsing`: the Pods that use a volume, wherever they are. */
  constructor(
    private readonly recorder: EventRecorder,
    private readonly podsUsing: (volume: string) => readonly Pod[],
  ) {}

  failures(node: string, view: NodeView, plan: AttachmentPlan): void {
    const before = this.said.get(node);
    const failures = [...this.blocked(node, plan), ...refused(view)];
    for (const { volume, message, id } of failures) {
      if (before?.has(id)) continue;
      for (const pod of volume.pods) this.recorder.event(pod, 'Warning', 'FailedAttachVolume', message(pod));
    }
    if (failures.length > 0) this.said.set(node, new Set(failures.map(({ id }) => id)));
    else this.said.delete(node);
  }

  succeeded(volumes: readonly WantedVolume[]): void {
    for (const { name, pods } of volumes) {
      const message = `AttachVolume.Attach succeeded for volume "${name}" `;
      for (const pod of pods) this.recorder.event(pod, 'Normal', 'SuccessfulAttachVolume', message);
    }
  }

  private blocked(node: string, plan: AttachmentPlan): Failure[] {
    return plan.blocked.map((volume) => {
      const elsewhere = this.podsUsing(volume.name).filter(({ spec }) => spec?.nodeName && spec.nodeName !== node);
      return { volume, id: volume.name, message: (pod) => multiAttachError(volume.name, pod, elsewhere) };
    });
  }
}

/** What drivers could not do. */
function refused({ wanted, attachments }: NodeView): Failure[] {
  return attachments.flatMap(({ spec, status }) => {
    const volume = wanted.get(spec.source.persistentVolumeName ?? '');
    const why = status?.attached ? undefined : status?.attachError?.message;
    if (!volume || !why) return [];
    const message = () => `AttachVolume.Attach failed for volume "${volume.name}" : ${why}`;
    return [{ volume, id: `${volume.name} ${why}`, message }];
  });
}
