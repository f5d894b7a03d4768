import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { withFinalizer, withoutFinalizer } from '@binnacle/machinery-meta';
import { isInUse, planProtection, VOLUME_FINALIZER } from './protection-plan.js';

/** Keeps volumes that are bound. Behaves as kubernetes pkg/controller/volume/pvprotection. */
export function volumeProtectionController({ client, informers }: ControllerDeps): Controller {
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  const volumeClient = client.resource<PersistentVolume>(refs.persistentvolumes);
  return createController({
    name: 'persistentvolume-protection',
    reconciler: {
      async reconcile(ctx, key) {
        const volume = volumes.get(key);
        const plan = volume ? planProtection(volume, VOLUME_FINALIZER, () => isInUse(volume)) : 'nothing';
        if (!volume || plan === 'nothing') return done;
        const change = plan === 'add' ? withFinalizer : withoutFinalizer;
        const finalizers = change(volume.metadata.finalizers, VOLUME_FINALIZER);
        await volumeClient.update(ctx, { ...volume, metadata: { ...volume.metadata, finalizers } });
        return done;
      },
    },
    sources: [fromObjects(volumes)],
  });
}
