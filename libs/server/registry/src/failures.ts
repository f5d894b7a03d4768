import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { ResourceNames } from '@binnacle/apis-schema';
import {
  newAlreadyExists,
  newBadRequest,
  newConflict,
  newForbidden,
  newInvalid,
  newNotFound,
  newTooLargeResourceVersion,
  newTooManyRequests,
  parseApiVersion,
  StatusError,
} from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import { StorageError } from '@binnacle/server-storage';

interface Names extends Pick<ResourceDefinition, 'group'> {
  readonly names: Pick<ResourceNames, 'kind' | 'plural'>;
  readonly storage?: { readonly apiVersion: string };
}

export function groupResourceOf({ group, names }: Names): { group: string; resource: string } {
  return { group, resource: names.plural };
}

export const notFound = (of: Names, name: string): StatusError => newNotFound(groupResourceOf(of), name);
export const conflict = (of: Names, name: string, why?: string): StatusError =>
  newConflict(groupResourceOf(of), name, why);
export const forbidden = (of: Names, name: string, why: string): StatusError =>
  newForbidden(groupResourceOf(of), name, why);

/** 422, with one cause for each field that is wrong. */
export function invalid({ group, names, storage }: Names, name: string, errors: readonly FieldError[]): StatusError {
  // A kind that is a view of another group's is judged as that one.
  const judged = storage ? parseApiVersion(storage.apiVersion).group : group;
  return newInvalid({ group: judged, kind: names.kind }, name, errors);
}

const EXPIRED = 'The provided resource version is too old to display a consistent list result.';

function fromUnavailable(error: StorageError): StatusError {
  const retryAfterSeconds = error.info.retryAfterSeconds ?? 1;
  if (error.code === 'overloaded')
    return newTooManyRequests('the write queue is full, please try again', retryAfterSeconds);
  return new StatusError(503, 'ServiceUnavailable', error.message, { retryAfterSeconds }, { cause: error });
}

/**
 * The Status a client gets for a failure of the store; anything else is answered as it came. `asked` is the revision
 * the client wanted to read.
 */
export function fromStorage(of: Names, name: string, error: unknown, asked?: number): unknown {
  if (!(error instanceof StorageError)) return error;
  switch (error.code) {
    case 'exists':
      return newAlreadyExists(groupResourceOf(of), name);
    case 'notFound':
      return notFound(of, name);
    case 'conflict':
      return conflict(of, name);
    case 'expired':
      return new StatusError(410, 'Expired', EXPIRED);
    case 'future':
      return newTooLargeResourceVersion(String(asked ?? ''), String(error.info.revision ?? ''), 1);
    case 'invalid':
      return newBadRequest(error.message);
    case 'unknownCluster':
      return new StatusError(404, 'NotFound', error.message);
    default:
      return fromUnavailable(error);
  }
}
