import { expectedKind } from '@binnacle/apis-registry';
import type { ManagedFieldsEntry, UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectPlace, ResourceStore, UpdateOptions } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { handleApply } from './apply-handler.js';
import { mediaType } from '../request/media-types.js';
import { checkName } from '../request/named-body.js';
import { encodingOf, objectAnswer } from '../answer/object-answer.js';
import type { ObjectReader } from './object-reader.js';
import { APPLY_PATCH, patchReader } from './read-patch.js';
import { readWriteParameters } from '../request/write-options.js';

export const isApply = ({ info, headers }: ApiRequest): boolean =>
  info.verb === 'patch' && mediaType(headers['content-type']) === APPLY_PATCH;

/** The whole document, for a patch that says something of its managed fields. */
function withOwners(current: UnstructuredObject, owners: string): UnstructuredObject {
  if (owners === '') return current;
  const managedFields = JSON.parse(owners) as ManagedFieldsEntry[];
  return { ...current, metadata: { ...current.metadata, managedFields } };
}

/** Answers a PATCH: read, patch and write, again and again until no other writer comes in between. */
export async function handlePatch(
  request: ApiRequest,
  store: ResourceStore,
  place: ObjectPlace,
  reader: ObjectReader,
  options: Pick<UpdateOptions, 'rules' | 'subresource'> = {},
): Promise<ApiAnswer> {
  if (isApply(request)) return handleApply(request, store, place, reader, options);
  const read = patchReader(request, store.definition, APPLY_PATCH);
  encodingOf(request);
  const parameters = readWriteParameters(request);
  const expected = expectedKind(store.definition);
  const change = (current: UnstructuredObject, owners: string) => {
    const patch = read();
    const document = patch.readsOwners ? withOwners(current, owners) : current;
    const next = reader.readPatched(request, expected, patch.apply(document), patch);
    checkName(next, place);
    return next;
  };
  const stored = await store.update(request.ctx, place, change, {
    ...options,
    ...parameters,
    pure: true,
    patched: true,
  });
  return objectAnswer(request, store.definition, stored);
}
