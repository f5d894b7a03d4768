import { expectedKind } from '@binnacle/apis-kubernetes/registry';
import { newInvalid, type UnstructuredObject } from '@binnacle/machinery-meta';
import { validatePatchOptions } from '@binnacle/machinery-validation';
import type { ObjectPlace, ResourceStore, UpdateOptions } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from './api-request.js';
import { handleApply } from './apply-handler.js';
import { mediaType } from './media-types.js';
import { encodingOf, objectAnswer } from './object-answer.js';
import type { ObjectReader } from './object-reader.js';
import { APPLY_PATCH, CHANGES, readPatch } from './read-patch.js';
import { readDryRun, readFieldManager } from './write-options.js';

/** Only a server-side apply can be forced. */
export function refuseForce({ query }: ApiRequest): void {
  if (!query.has('force')) return;
  const errors = validatePatchOptions({ force: query.get('force') === 'true' }, false);
  throw newInvalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
}

/** Answers a PATCH: read, patch and write, again and again until no other writer comes in between. */
export async function handlePatch(
  request: ApiRequest,
  store: ResourceStore,
  place: ObjectPlace,
  reader: ObjectReader,
  options: Pick<UpdateOptions, 'rules' | 'subresource'> = {},
): Promise<ApiAnswer> {
  if (mediaType(request.headers['content-type']) === APPLY_PATCH) {
    return handleApply(request, store, place, reader, options);
  }
  encodingOf(request);
  const dryRun = readDryRun(request);
  const fieldManager = readFieldManager(request);
  refuseForce(request);
  const patch = readPatch(request, store.definition.schema, [...CHANGES, APPLY_PATCH]);
  const expected = expectedKind(store.definition);
  const change = (current: UnstructuredObject) =>
    reader.readPatched(request, expected, patch.apply(current), patch.problems);
  const stored = await store.update(request.ctx, place, change, {
    ...options,
    dryRun,
    fieldManager,
    pure: true,
    unconditional: true,
  });
  return objectAnswer(request, store.definition, stored);
}
