import { type FieldError, fieldPath, forbidden, semanticEqual } from '@binnacle/machinery-validation';

/** What the data of a ConfigMap or Secret may weigh in all. */
export const MAX_DATA_BYTES = 1024 * 1024;

/** Bytes of the UTF-8 form. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Bytes that a base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return Math.floor((text.length * 3) / 4) - padding;
}

interface Freezable {
  readonly immutable?: boolean;
}

/** What was declared immutable stays as it is, and stays immutable. */
export function validateFrozen<T extends Freezable>(
  next: T,
  old: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  if (!old.immutable) return [];
  const why = 'field is immutable when `immutable` is set';
  const changed = fields.filter((field) => !semanticEqual(next[field], old[field]));
  const thawed = next.immutable ? [] : ['immutable'];
  return [...thawed, ...changed].map((field) => forbidden(fieldPath(field), why));
}
