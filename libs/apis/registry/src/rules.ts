import { FOREGROUND_FINALIZER, type KubeObject, ORPHAN_FINALIZER, type ObjectMeta } from '@binnacle/machinery-meta';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  type NameCheck,
  nameIsDnsSubdomain,
  notSupported,
  required,
  validateAnnotations,
  validateLabels,
  validateObjectMeta,
  validateOwnerReferences,
} from '@binnacle/machinery-validation';

/** What is wrong with a value at that place. */
export type Rule<T> = (value: T, path: FieldPath) => FieldError[];

/** Applies a rule to every item, each under its index. */
export function each<T>(items: readonly T[] | undefined, path: FieldPath, rule: Rule<T>): FieldError[] {
  const errors: FieldError[] = [];
  // Every list of every write comes through here, and nearly all are without fault.
  for (let index = 0; items && index < items.length; index += 1) {
    const found = rule(items[index] as T, path.index(index));
    if (found.length > 0) errors.push(...found);
  }
  return errors;
}

/** Applies a rule to every value of a map, each under its key. */
export function eachEntry<T>(
  record: Readonly<Record<string, T>> | undefined,
  path: FieldPath,
  rule: (key: string, value: T, path: FieldPath) => FieldError[],
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(record ?? {})) errors.push(...rule(key, value, path.key(key)));
  return errors;
}

/** Tells of every item that says what an earlier one has said, at itself or at one of its fields; undefined says nothing. */
export function repeated<T>(
  items: readonly T[] | undefined,
  path: FieldPath,
  said: (item: T) => string | undefined = String,
  field?: string,
): FieldError[] {
  const seen = new Set<string>();
  return each(items, path, (item, at) => {
    const key = said(item);
    if (key === undefined) return [];
    if (seen.has(key)) return [duplicate(field ? at.child(field) : at, key)];
    seen.add(key);
    return [];
  });
}

/** Applies a rule where there is a value. */
export function optional<T>(value: T | undefined | null, path: FieldPath, rule: Rule<T>): FieldError[] {
  return value === undefined || value === null ? [] : rule(value, path);
}

export function present(value: string | undefined, path: FieldPath, detail = ''): FieldError[] {
  return value ? [] : [required(path, detail)];
}

/** Text that must be there and pass a format check. */
export function wellFormed(
  value: string | undefined,
  path: FieldPath,
  check: (value: string) => string[],
): FieldError[] {
  return value ? invalidEach(path, value, check(value)) : [required(path)];
}

/** One of a fixed set; list it sorted, as upstream prints it. */
export function validateSupported(value: string, path: FieldPath, supported: readonly string[]): FieldError[] {
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

/** One of a fixed set, which must be there. */
export function oneOf(value: string | undefined, path: FieldPath, supported: readonly string[]): FieldError[] {
  if (!value) return [required(path)];
  return validateSupported(value, path, supported);
}

const METADATA = fieldPath('metadata');

/** Names of finalizers that need no domain. */
export const STANDARD_FINALIZERS: readonly string[] = ['kubernetes', ORPHAN_FINALIZER, FOREGROUND_FINALIZER];

/** A finalizer without a domain must be one of upstream's own. */
export function validateFinalizerName(name: string, path: FieldPath): FieldError[] {
  if (name.includes('/') || STANDARD_FINALIZERS.includes(name)) return [];
  return [invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];
}

/** What the update of a kind looks at besides what is the same for all. */
export function validateFinalizers({ finalizers }: ObjectMeta): FieldError[] {
  return each(finalizers, METADATA.child('finalizers'), validateFinalizerName);
}

export function validateMeta(
  object: KubeObject,
  namespaced: boolean,
  check: NameCheck = nameIsDnsSubdomain,
): FieldError[] {
  return [...validateObjectMeta(object.metadata, namespaced, check, METADATA), ...validateFinalizers(object.metadata)];
}

/** The same of kinds of which upstream does not look whether finalizers without a domain are known. */
export function validatePlainMeta(
  { metadata }: KubeObject,
  namespaced: boolean,
  check: NameCheck = nameIsDnsSubdomain,
): FieldError[] {
  return validateObjectMeta(metadata, namespaced, check, METADATA);
}

/** The metadata that a status update may change. The server itself guards what nobody may. */
export function validateStatusMeta(metadata: ObjectMeta): FieldError[] {
  const { labels, annotations, ownerReferences } = metadata;
  return [
    ...validateLabels(labels, METADATA.child('labels')),
    ...validateAnnotations(annotations, METADATA.child('annotations')),
    ...validateOwnerReferences(ownerReferences, METADATA.child('ownerReferences')),
    ...validateFinalizers(metadata),
  ];
}
