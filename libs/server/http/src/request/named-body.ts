import { newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectPlace } from '@binnacle/server-registry';

function checkNamespace({ metadata }: UnstructuredObject, { namespace }: ObjectPlace): void {
  if (namespace && metadata.namespace && metadata.namespace !== namespace) {
    throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** Refuses what is to be put somewhere, or was patched, and does not name that place. Behaves as kubernetes apiserver checkName. */
export function checkName(object: UnstructuredObject, place: ObjectPlace): void {
  checkNamespace(object, place);
  const { name } = object.metadata;
  if (!name) {
    const why = 'name must be provided';
    throw newBadRequest(`the name of the object (${place.name} based on URL) was undeterminable: ${why}`);
  }
  if (name === place.name) return;
  throw newBadRequest(`the name of the object (${name}) does not match the name on the URL (${place.name})`);
}

/** Refuses a body, posted to a subresource, that does not name the object of the URL. */
export function refuseOtherName(object: UnstructuredObject, place: ObjectPlace): void {
  checkNamespace(object, place);
  if ((object.metadata.name ?? '') === place.name) return;
  throw newBadRequest(`name in URL does not match name in ${object.kind ?? ''} object`);
}
