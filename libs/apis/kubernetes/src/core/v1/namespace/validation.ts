import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isQualifiedName,
  nameIsDnsLabel,
} from '@binnacle/machinery-validation';
import { each, validateFinalizerName, validateMeta, validateStatusMeta } from '@binnacle/apis-registry';
import type { Namespace } from '../index.js';

const FINALIZERS = fieldPath('spec', 'finalizers');

function validateFinalizer(name: string, path: FieldPath): FieldError[] {
  return [...invalidEach(path, name, isQualifiedName(name)), ...validateFinalizerName(name, path)];
}

/** Behaves as kubernetes ValidateNamespace. */
export function validateNamespace(namespace: Namespace): FieldError[] {
  return [
    ...validateMeta(namespace, false, nameIsDnsLabel),
    ...(namespace.spec?.finalizers ?? []).flatMap((name) => validateFinalizer(name, FINALIZERS)),
  ];
}

/** The phase follows the deletion timestamp. */
export function validateNamespaceStatusUpdate(next: Namespace): FieldError[] {
  const phase = next.status?.phase ?? '';
  const { deletionTimestamp } = next.metadata;
  const expected = deletionTimestamp ? 'Terminating' : 'Active';
  const state = deletionTimestamp ? 'not empty' : 'empty';
  const why = `may only be '${expected}' if \`deletionTimestamp\` is ${state}`;
  return [
    ...validateStatusMeta(next.metadata),
    ...(phase === expected ? [] : [invalid(fieldPath('status', 'Phase'), phase, why)]),
  ];
}

/** For the finalize subresource. */
export function validateNamespaceFinalizers(namespace: Namespace): FieldError[] {
  return each(namespace.spec?.finalizers, FINALIZERS, validateFinalizer);
}
