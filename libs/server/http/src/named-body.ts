import { newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectPlace } from '@binnacle/server-registry';

/** Refuses a body, posted to a subresource, that names another object than the URL does; one that names none is fine. */
export function refuseOtherName({ kind = '', metadata }: UnstructuredObject, { namespace, name }: ObjectPlace): void {
  if (metadata.name && metadata.name !== name) {
    throw newBadRequest(`name in URL does not match name in ${kind} object`);
  }
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}
