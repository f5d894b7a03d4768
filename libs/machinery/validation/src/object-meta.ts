import {
  FOREGROUND_FINALIZER,
  type ManagedFieldsEntry,
  type ObjectMeta,
  ORPHAN_FINALIZER,
  type OwnerReference,
  quote,
} from '@binnacle/machinery-meta';
import { semanticEqual } from './equal.js';
import { type FieldError, forbidden, invalid, invalidEach, notSupported, required, tooLong } from './field-error.js';
import { validateAnnotations, validateLabels } from './labels.js';
import { FIELD_IMMUTABLE, MUST_NOT_BE_NEGATIVE } from './messages.js';
import { isQualifiedName, type NameCheck, nameIsDnsLabel } from './names.js';
import type { FieldPath } from './path.js';

export const FIELD_MANAGER_MAX = 128;
const SUBRESOURCE_MAX = 256;

export function validateImmutable(next: unknown, old: unknown, path: FieldPath): FieldError[] {
  return semanticEqual(next, old) ? [] : [invalid(path, next, FIELD_IMMUTABLE)];
}

export function validateNonNegative(value: number | undefined, path: FieldPath): FieldError[] {
  return (value ?? 0) < 0 ? [invalid(path, value, MUST_NOT_BE_NEGATIVE)] : [];
}

function ownerApiVersion(apiVersion = '', path: FieldPath): FieldError[] {
  const parts = apiVersion.split('/');
  const known = parts.length <= 2 && parts.at(-1) !== '';
  return known ? [] : [invalid(path, apiVersion, 'version must not be empty')];
}

function validateOwnerReference(reference: OwnerReference, path: FieldPath): FieldError[] {
  const missing = (['kind', 'name', 'uid'] as const).filter((name) => !reference[name]);
  const errors = [
    ...ownerApiVersion(reference.apiVersion, path.child('apiVersion')),
    ...missing.map((name) => invalid(path.child(name), reference[name] ?? '', 'must not be empty')),
  ];
  if (reference.apiVersion === 'v1' && reference.kind === 'Event') {
    errors.push(invalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'));
  }
  return errors;
}

export function validateOwnerReferences(references: readonly OwnerReference[] = [], path: FieldPath): FieldError[] {
  // Which of them is wrong, upstream does not say.
  const errors = references.flatMap((reference) => validateOwnerReference(reference, path));
  const [first, ...others] = references.filter((reference) => reference.controller === true);
  const title = (reference: OwnerReference): string => `${reference.kind}/${reference.name}`;
  for (const other of others) {
    const found = `Found "true" in references for ${first && title(first)} and ${title(other)}`;
    errors.push(invalid(path, references, `Only one reference can have Controller set to true. ${found}`));
  }
  return errors;
}

export function validateFinalizers(finalizers: readonly string[] = [], path: FieldPath): FieldError[] {
  const errors = finalizers.flatMap((finalizer) => invalidEach(path, finalizer, isQualifiedName(finalizer)));
  if (finalizers.includes(ORPHAN_FINALIZER) && finalizers.includes(FOREGROUND_FINALIZER)) {
    const both = `finalizer ${ORPHAN_FINALIZER} and ${FOREGROUND_FINALIZER} cannot be both set`;
    errors.push(invalid(path, finalizers, both));
  }
  return errors;
}

export function validateFieldManager(manager = '', path: FieldPath): FieldError[] {
  const errors = manager.length > FIELD_MANAGER_MAX ? [tooLong(path, FIELD_MANAGER_MAX)] : [];
  const unprintable = /[\p{Cc}\p{Cf}]/u.exec(manager);
  if (!unprintable) return errors;
  const code = (unprintable[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return [...errors, invalid(path, manager, `invalid character U+${code} (at position ${unprintable.index})`)];
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[] = [], path: FieldPath): FieldError[] {
  return entries.flatMap((entry, index) => {
    const at = path.index(index);
    const errors = validateFieldManager(entry.manager, at.child('manager'));
    if (!entry.operation) errors.unshift(required(at.child('operation'), 'must not be empty'));
    else if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      errors.unshift(notSupported(at.child('operation'), entry.operation, ['Apply', 'Update']));
    }
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') {
      errors.push(invalid(at.child('fieldsType'), entry.fieldsType, 'must be `FieldsV1`'));
    }
    if ((entry.subresource ?? '').length > SUBRESOURCE_MAX)
      errors.push(tooLong(at.child('subresource'), SUBRESOURCE_MAX));
    return errors;
  });
}

function validateNamespace(namespace: string | undefined, namespaced: boolean, path: FieldPath): FieldError[] {
  if (!namespaced) return namespace ? [forbidden(path, 'not allowed on this type')] : [];
  return namespace ? invalidEach(path, namespace, nameIsDnsLabel(namespace, false)) : [required(path)];
}

function validateNames(meta: ObjectMeta, check: NameCheck, path: FieldPath): FieldError[] {
  const { name, generateName } = meta;
  const errors = generateName ? invalidEach(path.child('generateName'), generateName, check(generateName, true)) : [];
  if (!name) return [...errors, required(path.child('name'), 'name or generateName is required')];
  return [...errors, ...invalidEach(path.child('name'), name, check(name, false))];
}

function validateShared(meta: ObjectMeta, path: FieldPath): FieldError[] {
  return [
    ...validateLabels(meta.labels, path.child('labels')),
    ...validateAnnotations(meta.annotations, path.child('annotations')),
    ...validateOwnerReferences(meta.ownerReferences, path.child('ownerReferences')),
  ];
}

/** Rules for the metadata of a new object, once a name has been generated. */
export function validateObjectMeta(
  meta: ObjectMeta,
  namespaced: boolean,
  check: NameCheck,
  path: FieldPath,
): FieldError[] {
  return [
    ...validateNames(meta, check, path),
    ...validateNamespace(meta.namespace, namespaced, path.child('namespace')),
    ...validateNonNegative(meta.generation, path.child('generation')),
    ...validateShared(meta, path),
    ...validateFinalizers(meta.finalizers, path.child('finalizers')),
    ...validateManagedFields(meta.managedFields, path.child('managedFields')),
  ];
}

function newFinalizers(next: ObjectMeta, old: ObjectMeta, path: FieldPath): FieldError[] {
  if (!old.deletionTimestamp) return [];
  const held = new Set(old.finalizers);
  const added = [...new Set(next.finalizers)].filter((finalizer) => !held.has(finalizer)).sort();
  if (added.length === 0) return [];
  const found = `found new finalizers []string{${added.map(quote).join(', ')}}`;
  return [forbidden(path, `no new finalizers can be added if the object is being deleted, ${found}`)];
}

function validateGeneration(next: ObjectMeta, old: ObjectMeta, path: FieldPath): FieldError[] {
  const errors = validateNonNegative(next.generation, path);
  if ((next.generation ?? 0) >= (old.generation ?? 0)) return errors;
  return [...errors, invalid(path, next.generation ?? 0, 'must not be decremented')];
}

const IMMUTABLE = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** Rules for changed metadata; what is absent counts as empty. */
export function validateObjectMetaUpdate(next: ObjectMeta, old: ObjectMeta, path: FieldPath): FieldError[] {
  const version = next.resourceVersion
    ? []
    : [invalid(path.child('resourceVersion'), next.resourceVersion ?? '', 'must be specified for an update')];
  return [
    ...newFinalizers(next, old, path.child('finalizers')),
    ...version,
    ...validateGeneration(next, old, path.child('generation')),
    ...(['name', 'namespace'] as const).flatMap((name) =>
      validateImmutable(next[name] ?? '', old[name] ?? '', path.child(name)),
    ),
    ...IMMUTABLE.flatMap((name) => validateImmutable(next[name], old[name], path.child(name))),
    ...validateShared(next, path),
    ...validateManagedFields(next.managedFields, path.child('managedFields')),
  ];
}
