import type { KubeObject, ObjectMeta, OwnerReference, TypeMeta } from './types.js';

type Owned = { readonly metadata: Pick<ObjectMeta, 'ownerReferences'> };
type Owner = { readonly metadata: Pick<ObjectMeta, 'name' | 'uid'> };

/** A reference that does not make the owner the controller. */
export function ownerReferenceTo(owner: Owner, type: TypeMeta): OwnerReference {
  const { name = '', uid = '' } = owner.metadata;
  return { apiVersion: type.apiVersion, kind: type.kind, name, uid };
}

/** The reference a controller puts on what it makes; it also blocks foreground deletion of the owner. */
export function controllerReferenceTo(owner: Owner, type: TypeMeta): OwnerReference {
  return { ...ownerReferenceTo(owner, type), controller: true, blockOwnerDeletion: true };
}

/** The reference of the one owner that manages the object, if any. */
export function controllerOf(object: Owned): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Identity is the uid: an owner of the same name made later is another one. */
export function isControlledBy(object: Owned, owner: Owner): boolean {
  const reference = controllerOf(object);
  return reference !== undefined && reference.uid === owner.metadata.uid;
}

export function isOwnedBy(object: Owned, owner: Owner): boolean {
  return (object.metadata.ownerReferences ?? []).some((reference) => reference.uid === owner.metadata.uid);
}

/** Adds the reference, or replaces the one of the same owner. Changes nothing in place. */
export function withOwnerReference(references: readonly OwnerReference[] = [], next: OwnerReference): OwnerReference[] {
  return [...withoutOwner(references, next.uid), next];
}

export function withoutOwner(references: readonly OwnerReference[] = [], uid: string): OwnerReference[] {
  return references.filter((reference) => reference.uid !== uid);
}

export function hasFinalizer(object: KubeObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

export function withFinalizer(finalizers: readonly string[] = [], finalizer: string): string[] {
  return finalizers.includes(finalizer) ? [...finalizers] : [...finalizers, finalizer];
}

export function withoutFinalizer(finalizers: readonly string[] = [], finalizer: string): string[] {
  return finalizers.filter((held) => held !== finalizer);
}

/** Waits until the dependents that block it are gone, then goes itself. */
export const FOREGROUND_FINALIZER = 'foregroundDeletion';
/** Leaves the dependents alive, without this owner. */
export const ORPHAN_FINALIZER = 'orphan';
