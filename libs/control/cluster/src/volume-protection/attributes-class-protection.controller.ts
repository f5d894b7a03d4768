import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { VolumeAttributesClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromMapped, fromObjects } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { withFinalizer, withoutFinalizer } from '@binnacle/machinery-meta';
import { ATTRIBUTES_FINALIZER, attributesOfClaim, attributesOfVolume, planProtection } from './protection-plan.js';

/** Index: claims and volumes by the classes of attributes they name. */
const ATTRIBUTES = 'attributes';

/** Keeps classes of attributes that claims or volumes name. Behaves as kubernetes pkg/controller/volume/vacprotection. */
export function attributesClassProtectionController({ client, informers }: ControllerDeps): Controller {
  const classes = informers.for<VolumeAttributesClass>(refs.volumeattributesclasses);
  const classClient = client.resource<VolumeAttributesClass>(refs.volumeattributesclasses);
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  claims.addIndex(ATTRIBUTES, attributesOfClaim);
  volumes.addIndex(ATTRIBUTES, attributesOfVolume);
  const isUsed = (name: string) => [claims, volumes].some((informer) => informer.byIndex(ATTRIBUTES, name).length > 0);
  return createController({
    name: 'volumeattributesclass-protection',
    reconciler: {
      async reconcile(ctx, key) {
        const found = classes.get(key);
        const plan = found ? planProtection(found, ATTRIBUTES_FINALIZER, () => isUsed(key)) : 'nothing';
        if (!found || plan === 'nothing') return done;
        const change = plan === 'add' ? withFinalizer : withoutFinalizer;
        const finalizers = change(found.metadata.finalizers, ATTRIBUTES_FINALIZER);
        await classClient.update(ctx, { ...found, metadata: { ...found.metadata, finalizers } });
        return done;
      },
    },
    sources: [fromObjects(classes), fromMapped(claims, attributesOfClaim), fromMapped(volumes, attributesOfVolume)],
  });
}
