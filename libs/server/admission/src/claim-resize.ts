import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_BETA_STORAGE_CLASS } from '@binnacle/apis-kubernetes/well-known';
import { type Soon, soon } from '@binnacle/machinery-context';
import { compareQuantities } from '@binnacle/machinery-quantity';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { findKnown } from './known-objects.js';

const ONLY_BOUND = 'Only bound persistent volume claims can be expanded';
const ONLY_GROWING =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

const sizeOf = ({ spec }: PersistentVolumeClaim) => spec?.resources?.requests?.storage ?? 0;

const classOf = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.[ANNOTATION_BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '';

/**
 * A claim grows only once it has a volume, and where the class of that lets it. Behaves as kubernetes
 * plugin/pkg/admission/storage/persistentvolume/resize.
 */
export class PersistentVolumeClaimResize implements AdmissionPlugin {
  readonly name = 'PersistentVolumeClaimResize';

  constructor(private readonly storage: StorageReader) {}

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    if (attributes.operation !== 'UPDATE' || !isAbout(attributes, '', 'persistentvolumeclaims')) return;
    const next = attributes.object as unknown as PersistentVolumeClaim;
    const old = attributes.old as unknown as PersistentVolumeClaim;
    if (compareQuantities(sizeOf(next), sizeOf(old)) <= 0) return;
    const { definition, name } = attributes;
    if (old.status?.phase !== 'Bound') throw forbidden(definition, name, ONLY_BOUND);
    return soon(this.mayGrow(ctx, classOf(next), classOf(old)), (may) => {
      if (!may) throw forbidden(definition, name, ONLY_GROWING);
    });
  }

  private mayGrow(ctx: RequestContext, name: string, before: string): Soon<boolean> {
    if (name === '' || name !== before) return false;
    const key = { cluster: ctx.cluster, resource: 'storage.k8s.io/storageclasses', namespace: '', name };
    return soon(
      findKnown(this.storage, ctx, key),
      (found) => found !== undefined && decodeOnce<StorageClass>(found).allowVolumeExpansion === true,
    );
  }
}
