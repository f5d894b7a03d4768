import type { RequestContext, AdmissionAttributes } from '@binnacle/server-registry';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

/** What keeps objects of a kind for as long as something uses them; controllers take it away when nothing does. */
const PROTECTION = [
  { group: '', plural: 'persistentvolumes', finalizer: 'kubernetes.io/pv-protection' },
  { group: '', plural: 'persistentvolumeclaims', finalizer: 'kubernetes.io/pvc-protection' },
  { group: 'storage.k8s.io', plural: 'volumeattributesclasses', finalizer: 'kubernetes.io/vac-protection' },
] as const;

/** Protects volumes, claims and classes of attributes from their first moment. Behaves as kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection. */
export class StorageObjectInUseProtection implements AdmissionPlugin {
  readonly name = 'StorageObjectInUseProtection';

  admit(_ctx: RequestContext, attributes: AdmissionAttributes): void {
    const { operation, object } = attributes;
    if (operation !== 'CREATE' || !object) return;
    const found = PROTECTION.find(({ group, plural }) => isAbout(attributes, group, plural));
    const finalizers = object.metadata.finalizers ?? [];
    if (!found || finalizers.includes(found.finalizer)) return;
    object.metadata.finalizers = [...finalizers, found.finalizer];
  }
}
