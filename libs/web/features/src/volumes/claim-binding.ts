import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_DEFAULT_CLASS } from '@binnacle/apis-kubernetes/well-known';
import type { Tone } from '@binnacle/web-ui';
import { units } from '../objects/quantities.js';

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Whether a claim has its volume, and what it waits for where it has none. */
export type Binding =
  | { readonly kind: 'bound' | 'lost' | 'waitsForVolume'; readonly volume: string }
  /** By its class it is bound only when a Pod uses it. */
  | { readonly kind: 'waitsForPod'; readonly name: string }
  | { readonly kind: 'waitsForNode'; readonly pods: number }
  | { readonly kind: 'waitsForProvisioner'; readonly provisioner: string }
  | { readonly kind: 'waitsForAny'; readonly name: string }
  | { readonly kind: 'noClass' }
  | { readonly kind: 'unknownClass'; readonly name: string };

export const BINDING_TONES: Readonly<Record<Binding['kind'], Tone>> = {
  bound: 'ok',
  lost: 'error',
  waitsForVolume: 'progress',
  waitsForPod: 'idle',
  waitsForNode: 'progress',
  waitsForProvisioner: 'progress',
  waitsForAny: 'warn',
  noClass: 'warn',
  unknownClass: 'error',
};

/** The Pods that name the claim among their volumes, those that ended left out. */
export function usersOf({ metadata }: PersistentVolumeClaim, pods: readonly Pod[]): Pod[] {
  return pods.filter(
    ({ metadata: of, spec, status }) =>
      of.namespace === metadata.namespace &&
      status?.phase !== 'Succeeded' &&
      status?.phase !== 'Failed' &&
      spec?.volumes?.some(({ persistentVolumeClaim: claim }) => claim?.claimName === metadata.name),
  );
}

const isDefault = ({ metadata }: StorageClass): boolean => metadata.annotations?.[ANNOTATION_DEFAULT_CLASS] === 'true';

/** The class a claim has, or gets: none where it says that it wants none. */
export function classOf({ spec }: PersistentVolumeClaim, classes: readonly StorageClass[]): StorageClass | undefined {
  const name = spec?.storageClassName;
  if (name === undefined) return classes.find(isDefault);
  return classes.find(({ metadata }) => metadata.name === name);
}

function waiting(claim: PersistentVolumeClaim, storage: StorageClass, users: readonly Pod[]): Binding {
  const { name = '' } = storage.metadata;
  const isChosen = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
  if (storage.volumeBindingMode === 'WaitForFirstConsumer' && !isChosen) {
    return users.length === 0 ? { kind: 'waitsForPod', name } : { kind: 'waitsForNode', pods: users.length };
  }
  if (storage.provisioner === NO_PROVISIONER) return { kind: 'waitsForAny', name };
  return { kind: 'waitsForProvisioner', provisioner: storage.provisioner };
}

/** How a claim stands, and why. `users` are the Pods that wait for it or use it. */
export function bindingOf(
  claim: PersistentVolumeClaim,
  classes: readonly StorageClass[],
  users: readonly Pod[],
): Binding {
  const { spec, status } = claim;
  const { volumeName: volume = '', storageClassName: name } = spec ?? {};
  if (status?.phase === 'Lost') return { kind: 'lost', volume };
  if (status?.phase === 'Bound') return { kind: 'bound', volume };
  if (volume) return { kind: 'waitsForVolume', volume };
  const storage = classOf(claim, classes);
  if (storage) return waiting(claim, storage, users);
  if (name === undefined) return { kind: 'noClass' };
  return name === '' ? { kind: 'waitsForAny', name } : { kind: 'unknownClass', name };
}

/** How much a claim asks for and has; undefined while it has none. */
export interface ClaimSize {
  readonly asked: string;
  readonly has: string;
  /** What its growing waits for: the volume itself, or a Pod that mounts it. Undefined where it grows not. */
  readonly growing: 'volume' | 'fileSystem' | undefined;
}

function growing({ status }: PersistentVolumeClaim, asked: string, has: string): ClaimSize['growing'] {
  if (units(asked) <= units(has)) return undefined;
  const pending = status?.conditions?.some(
    ({ type, status: value }) => type === 'FileSystemResizePending' && value === 'True',
  );
  return pending ? 'fileSystem' : 'volume';
}

export function sizeOf(claim: PersistentVolumeClaim): ClaimSize | undefined {
  const has = claim.status?.capacity?.['storage'];
  if (has === undefined) return undefined;
  const asked = String(claim.spec?.resources?.requests?.['storage'] ?? has);
  return { asked, has: String(has), growing: growing(claim, asked, String(has)) };
}
