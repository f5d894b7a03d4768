import { expectedKind } from '@binnacle/apis-registry';
import { soon, type Steps } from '@binnacle/machinery-context';
import type { ExpectedKind } from '@binnacle/apis-schema';
import { applySteps, type ApplyWrite } from '@binnacle/machinery-apply';
import { isAlreadyExists, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  AppliedObject,
  managedWrite,
  type ObjectPlace,
  type ResourceStore,
  type UpdateOptions,
} from '@binnacle/server-registry';
import type { OwnedObject } from '@binnacle/server-storage';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { refuseLargeObject } from '../request/body-values.js';
import { checkName } from '../request/named-body.js';
import { inSteps, restIfLarge } from '../request/large-body.js';
import { encodingOf, objectAnswer } from '../answer/object-answer.js';
import { conformApplied, refuseUid } from './apply-configuration.js';
import type { ObjectReader } from './object-reader.js';
import { booleanParameter } from '../request/parameters.js';
import { readWriteParameters } from '../request/write-options.js';

type ApplyOptions = Pick<UpdateOptions, 'rules' | 'subresource'>;

export const isForced = ({ query }: ApiRequest): boolean => booleanParameter(query, 'force') ?? false;

/** Puts a configuration over what is there, and brings it into the shape of its kind. */
function* applied(
  live: OwnedObject | undefined,
  config: UnstructuredObject,
  expected: ExpectedKind,
  write: ApplyWrite,
): Steps<AppliedObject> {
  const { object, owners } = yield* applySteps(live, config, write);
  return new AppliedObject(conformApplied(refuseLargeObject(object, expected.bodyValues), expected), owners);
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
  const { definition } = store;
  const { ctx } = request;
  const { dryRun, fieldManager, isLarge: large = false } = readWriteParameters(request, true);
  const expected = expectedKind(definition);
  const config = reader.readConfiguration(request, expected);
  await restIfLarge(request);
  const owner = { fieldManager, ...(options.subresource && { subresource: options.subresource }) };
  const write = { ...managedWrite(store.core, ctx, owner), force: isForced(request) };
  const update = async () => {
    const change = (object: UnstructuredObject, owners: string) =>
      soon(inSteps(request, applied({ object, owners }, config, expected, write)), (made) => {
        checkName(made.object, place);
        return made;
      });
    const how = { ...options, dryRun, pure: true, unconditional: true, isLarge: large };
    return objectAnswer(request, definition, await store.update(ctx, place, change, how));
  };
  try {
    return await update();
  } catch (error) {
    if (!isNotFound(error) || options.subresource) throw error;
  }
  refuseUid(definition, place.name, config);
  try {
    const { object, owners } = await inSteps(request, applied(undefined, config, expected, write));
    const stored = await store.createMissing(ctx, place, object, { dryRun, owners, isLarge: large });
    return objectAnswer(request, definition, stored, 201);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return update();
  }
}
