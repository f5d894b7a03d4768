import type { Node, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import {
  ANNOTATION_PROVISIONED_BY,
  ANNOTATION_PROVISIONER,
  ANNOTATION_SELECTED_NODE,
  classOf,
  isDelayed,
} from '@binnacle/control-scheduling';
import { isOurs, type Order, volumeNameFor } from './provisioners.js';

export interface ProvisionView {
  readonly claim: PersistentVolumeClaim;
  readonly classNamed: (name: string) => StorageClass | undefined;
  readonly volumeNamed: (name: string) => PersistentVolume | undefined;
  readonly nodeNamed: (name: string) => Node | undefined;
}

export type ProvisionPlan =
  | { readonly act: 'make'; readonly order: Order }
  /** The node it was to be for is gone: the scheduler chooses again. */
  | { readonly act: 'reschedule'; readonly node: string }
  | { readonly act: 'nothing' };

const NOTHING: ProvisionPlan = { act: 'nothing' };

/** The class of a claim that is to get a volume of us; undefined where it is not, or has one. */
function classToServe({ claim, classNamed, volumeNamed }: ProvisionView): StorageClass | undefined {
  const asked = claim.metadata.annotations?.[ANNOTATION_PROVISIONER];
  if (!isOurs(asked) || claim.spec?.volumeName || claim.metadata.deletionTimestamp) return undefined;
  const storage = classNamed(classOf(claim));
  return storage?.provisioner === asked && !volumeNamed(volumeNameFor(claim)) ? storage : undefined;
}

/** Whether a claim is given a volume now. Behaves as sig-storage-lib-external-provisioner. */
export function planProvisioning(view: ProvisionView): ProvisionPlan {
  const { claim, nodeNamed } = view;
  const storage = classToServe(view);
  if (!storage) return NOTHING;
  const selected = claim.metadata.annotations?.[ANNOTATION_SELECTED_NODE];
  if (selected === undefined)
    return isDelayed(storage) ? NOTHING : { act: 'make', order: { claim, storage, node: undefined } };
  const node = nodeNamed(selected);
  return node ? { act: 'make', order: { claim, storage, node } } : { act: 'reschedule', node: selected };
}

/** Whether a volume that we made is taken away now. */
export function isToBeDeleted({ metadata, spec, status }: PersistentVolume): boolean {
  const deletes = spec?.persistentVolumeReclaimPolicy === 'Delete' && status?.phase === 'Released';
  return deletes && isOurs(metadata.annotations?.[ANNOTATION_PROVISIONED_BY]);
}
