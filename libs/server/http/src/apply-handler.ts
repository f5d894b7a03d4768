import { expectedKind } from '@binnacle/apis-kubernetes/registry';
import { applyConfiguration } from '@binnacle/machinery-apply';
import {
  isAlreadyExists,
  isNotFound,
  newBadRequest,
  newInvalid,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { validatePatchOptions } from '@binnacle/machinery-validation';
import { managedWrite, type ObjectPlace, type ResourceStore, type UpdateOptions } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from './api-request.js';
import { encodingOf, objectAnswer } from './object-answer.js';
import type { ObjectReader } from './object-reader.js';
import { readDryRun } from './write-options.js';

type ApplyOptions = Pick<UpdateOptions, 'rules' | 'subresource'>;

function readManager({ query }: ApiRequest): string {
  const fieldManager = query.get('fieldManager') ?? '';
  const errors = validatePatchOptions({ fieldManager }, true);
  if (errors.length > 0) throw newInvalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
  return fieldManager;
}

function readConfiguration(request: ApiRequest, store: ResourceStore, reader: ObjectReader): UnstructuredObject {
  const config = reader.readConfiguration(request, expectedKind(store.definition));
  if (config.metadata.managedFields) throw newBadRequest('metadata.managedFields must be nil');
  return config;
}

/**
 * Answers a server-side apply: changes the object, or makes it where it is not there. Behaves as kubernetes apiserver
 * pkg/endpoints/handlers applyPatcher.
 */
export async function handleApply(
  request: ApiRequest,
  store: ResourceStore,
  place: ObjectPlace,
  reader: ObjectReader,
  options: ApplyOptions = {},
): Promise<ApiAnswer> {
  encodingOf(request);
  const fieldManager = readManager(request);
  const config = readConfiguration(request, store, reader);
  const owner = { fieldManager, ...(options.subresource && { subresource: options.subresource }) };
  const write = { ...managedWrite(store.definition, request.ctx, owner), force: request.query.get('force') === 'true' };
  const common = { dryRun: readDryRun(request), applied: true };
  const update = async () => {
    const change = (current: UnstructuredObject) => applyConfiguration(current, config, write);
    const stored = await store.update(request.ctx, place, change, { ...options, ...common, unconditional: true });
    return objectAnswer(request, store.definition, stored);
  };
  try {
    return await update();
  } catch (error) {
    if (!isNotFound(error) || options.subresource) throw error;
  }
  try {
    const made = applyConfiguration(undefined, config, write);
    const stored = await store.create(request.ctx, place, made, common);
    return objectAnswer(request, store.definition, stored, 201);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return update();
  }
}
