import { type FieldError, type FieldPath, invalid, invalidEach, isQualifiedName } from '@binnacle/machinery-validation';
import { each, repeated } from '@binnacle/apis-registry';
import { validateList } from './lists.js';

const MOST = 4;

interface BindingConditions {
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
}

const typed = (type: string, path: FieldPath): FieldError[] => invalidEach(path, type, isQualifiedName(type));

/** What a Pod waits for before it is bound, and what makes it stop waiting: one never comes without the other. */
export function validateBindingConditions(device: BindingConditions, path: FieldPath): FieldError[] {
  const { bindingConditions: awaited = [], bindingFailureConditions: failed = [] } = device;
  const [good, bad] = [path.child('bindingConditions'), path.child('bindingFailureConditions')];
  const wanted = new Set(awaited);
  const overlap = 'bindingFailureConditions must not overlap with bindingConditions';
  const errors = [
    ...validateList(awaited, good, MOST, typed),
    ...validateList(failed, bad, MOST, typed),
    ...repeated(awaited, good),
    ...repeated(failed, bad),
    ...each(failed, bad, (type, at) => (wanted.has(type) ? [invalid(at, type, overlap)] : [])),
  ];
  const lone = 'bindingConditions are required to use bindingFailureConditions';
  const unending = 'bindingFailureConditions are required to use bindingConditions';
  if (awaited.length === 0 && failed.length > 0) errors.push(invalid(good, null, lone));
  if (failed.length === 0 && awaited.length > 0) errors.push(invalid(bad, null, unending));
  return errors;
}
