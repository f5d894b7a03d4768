import { duplicate, type FieldError, fieldPath, required } from '@binnacle/machinery-validation';

const CONDITIONS = fieldPath('status').child('conditions');

/** Each condition has a type, and there is one of each. */
export function validateConditions(conditions: readonly { readonly type?: string }[] = []): FieldError[] {
  const seen = new Set<string>();
  return conditions.flatMap(({ type = '' }, at) => {
    const path = CONDITIONS.index(at).child('type');
    const errors = seen.has(type) ? [duplicate(path, type)] : [];
    seen.add(type);
    return type ? errors : [...errors, required(path)];
  });
}
