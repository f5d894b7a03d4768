import { holdsTooMuch, refuseManyValues, tooManyValues } from '@binnacle/apis-schema';
import type { ApiRequest } from './api-request.js';
import { mediaType, PROTOBUF_TYPE } from './media-types.js';

/** Refuses a body of too many values before it is read. Protobuf is read at a fraction of the cost, and counted meanwhile. */
export function refuseLargeBody({ body, headers }: Pick<ApiRequest, 'body' | 'headers'>, most?: number): void {
  if (body && mediaType(headers['content-type']) !== PROTOBUF_TYPE) refuseManyValues(body, most);
}

interface Owned {
  readonly metadata?: { readonly managedFields?: unknown };
}

/** The same of an object that has been read, or made by a patch. Who owns its fields is the server's own account. */
export function refuseLargeObject<T>(object: T, most?: number): T {
  const { metadata, ...rest } = (object ?? {}) as Owned;
  const { managedFields: _, ...meta } = metadata ?? {};
  if (holdsTooMuch([rest, meta], most)) throw tooManyValues(most);
  return object;
}
