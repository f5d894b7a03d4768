import { refs } from '@binnacle/apis-kubernetes/refs';
import type { VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import { type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { SIMULATED_PROVISIONER } from './provisioners.js';

/** Attaches our own volumes, which every simulated node reaches: it is only said. As external-attacher's trivial handler. */
export function attacherController({ client, informers }: ControllerDeps): Controller {
  const attachments = informers.for<VolumeAttachment>(refs.volumeattachments);
  const attachmentClient = client.resource<VolumeAttachment>(refs.volumeattachments);
  const isToBeAttached = ({ metadata, spec, status }: VolumeAttachment) =>
    spec.attacher === SIMULATED_PROVISIONER && !metadata.deletionTimestamp && !status?.attached;
  return createController({
    name: 'volume-attacher',
    reconciler: {
      async reconcile(ctx, key) {
        const attachment = attachments.get(key);
        if (!attachment || !isToBeAttached(attachment)) return done;
        await attachmentClient.updateStatus(ctx, { ...attachment, status: { attached: true } });
        return done;
      },
    },
    sources: [fromObjects(attachments)],
  });
}
