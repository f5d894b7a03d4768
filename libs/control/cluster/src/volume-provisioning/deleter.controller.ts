import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import { splitKey } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { hasFinalizer, ignoreNotFound, withoutFinalizer } from '@binnacle/machinery-meta';
import { isToBeDeleted } from './provision-plan.js';
import { PROVISIONER_FINALIZER } from './provisioners.js';

/** Takes away the volumes we made when their claims are gone. What was in them goes where it is: on the nodes. */
export function deleterController({ client, informers }: ControllerDeps): Controller {
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  const volumeClient = client.resource<PersistentVolume>(refs.persistentvolumes);
  return createController({
    name: 'volume-deleter',
    reconciler: {
      async reconcile(ctx, key) {
        const volume = volumes.get(key);
        if (!volume || !isToBeDeleted(volume)) return done;
        if (!volume.metadata.deletionTimestamp) {
          const { uid } = volume.metadata;
          await ignoreNotFound(volumeClient.delete(ctx, splitKey(key), { preconditions: { uid } }));
        }
        const fresh = await ignoreNotFound(volumeClient.get(ctx, splitKey(key)));
        if (fresh?.metadata.uid !== volume.metadata.uid || !fresh || !hasFinalizer(fresh, PROVISIONER_FINALIZER))
          return done;
        const finalizers = withoutFinalizer(fresh.metadata.finalizers, PROVISIONER_FINALIZER);
        await ignoreNotFound(volumeClient.update(ctx, { ...fresh, metadata: { ...fresh.metadata, finalizers } }));
        return done;
      },
    },
    sources: [fromObjects(volumes)],
  });
}
