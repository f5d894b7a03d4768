import type { StatusCause } from '@binnacle/machinery-meta';

/** Behaves as kubernetes apimachinery pkg/util/validation/field ErrorType. */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

/** One thing wrong with an object. `message` is the whole text after the field path, as kube-apiserver prints it. */
export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly message: string;
}

export function toStatusCause(error: FieldError): StatusCause {
  return { reason: error.type, message: error.message, field: error.field };
}
