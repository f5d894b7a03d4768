import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import {
  newAlreadyExists,
  newGenerateNameConflict,
  StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import { isStorageError, type StoredObject } from '@binnacle/server-storage';
import { type Soon, soon } from '@binnacle/machinery-context';
import type { AdmissionAttributes } from './admission.js';
import { fromStorage, groupResourceOf, invalid } from './failures.js';
import { encodeObject, keyOf, unsaved, viewOf } from './object-encoding.js';
import { nameNewObject, placeObject, stampNewObject } from './object-metadata.js';
import { actorOf, type RequestContext } from './request-context.js';
import { guarded, type ResourceCore } from './resource-core.js';

export interface WriteOptions {
  readonly dryRun?: boolean;
  /** Who makes the change, for managed fields. */
  readonly fieldManager?: string;
  /** Set for a server-side apply, which has noted the owners of fields itself. */
  readonly applied?: boolean;
}

export interface CreateTarget {
  readonly namespace: string;
  /** Set where the URL names the object, as a PUT that creates does. */
  readonly name?: string;
}

const NAME_ATTEMPTS = 8;

function findErrors(strategy: ResourceDefinition['strategy'], object: UnstructuredObject): FieldError[] {
  return [...(strategy.validate?.(object) ?? []), ...(strategy.validateCreate?.(object) ?? [])];
}

function prepare(core: ResourceCore, ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
  core.definition.strategy.applyDefaults?.(attributes.object as UnstructuredObject);
  return soon(core.admission.admit(ctx, attributes), () => judge(core, ctx, attributes));
}

/** Completes an admitted draft, and refuses it where it is not valid. */
function judge(core: ResourceCore, ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
  const { definition, admission } = core;
  const object = attributes.object as UnstructuredObject;
  const { strategy } = definition;
  stampNewObject(object, ctx.clock.now());
  strategy.prepareForCreate?.(object);
  const errors = findErrors(strategy, object);
  if (errors.length > 0) throw invalid(definition, object.metadata.name ?? '', errors);
  for (const text of strategy.warnings?.(object) ?? []) ctx.warn(text);
  return admission.validate(ctx, attributes);
}

async function store(
  core: ResourceCore,
  ctx: RequestContext,
  object: UnstructuredObject,
  dryRun: boolean,
): Promise<StoredObject> {
  const { definition } = core;
  const key = keyOf(definition, ctx.cluster, object.metadata.namespace ?? '', object.metadata.name ?? '');
  const release = core.hooks.beforeCreate && (await core.hooks.beforeCreate(ctx, object, dryRun));
  if (dryRun) {
    await release?.(ctx);
    return storeNothing(core, ctx, object);
  }
  try {
    const { body, attributes } = encodeObject(definition, object);
    return await core.storage.write(ctx, { op: 'create', key, body, attributes, actor: actorOf(ctx) });
  } catch (error) {
    await release?.(ctx);
    throw error;
  }
}

async function storeNothing(
  core: ResourceCore,
  ctx: RequestContext,
  object: UnstructuredObject,
): Promise<StoredObject> {
  const { namespace = '', name = '' } = object.metadata;
  const key = keyOf(core.definition, ctx.cluster, namespace, name);
  const taken = await core.storage.get(ctx, key);
  if (taken) throw newAlreadyExists(groupResourceOf(core.definition), name);
  return unsaved(core.definition, key, object);
}

function refuseResourceVersion(object: UnstructuredObject): void {
  const { resourceVersion } = object.metadata;
  if (!resourceVersion || resourceVersion === '0') return;
  const message = 'resourceVersion should not be set on objects to be created';
  throw new StatusError(500, 'InternalError', message);
}

/** Creates an object from a draft that is changed in place. Behaves as kubernetes registry/generic Store.Create. */
export async function createObject(
  core: ResourceCore,
  ctx: RequestContext,
  target: CreateTarget,
  object: UnstructuredObject,
  options: WriteOptions = {},
): Promise<StoredObject> {
  const { definition } = core;
  const dryRun = options.dryRun ?? false;
  refuseResourceVersion(object);
  placeObject(definition, object, target);
  const generated = !object.metadata.name && Boolean(object.metadata.generateName);
  const name = nameNewObject(definition, object);
  const { namespace } = target;
  const { managedFields } = object.metadata;
  const prepared = prepare(core, ctx, {
    operation: 'CREATE',
    definition,
    subresource: '',
    namespace,
    name,
    object,
    dryRun,
  });
  if (prepared) await prepared;
  if (options.applied && managedFields) object.metadata.managedFields = managedFields;
  const stored = generated ? await storeGenerated(core, ctx, object, dryRun) : store(core, ctx, object, dryRun);
  return viewOf(definition, await guarded(core, name, Promise.resolve(stored)));
}

/** Finds another name whenever the generated one is taken. */
async function storeGenerated(
  core: ResourceCore,
  ctx: RequestContext,
  object: UnstructuredObject,
  dryRun: boolean,
): Promise<StoredObject> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store(core, ctx, object, dryRun);
    } catch (error) {
      const name = object.metadata.name ?? '';
      if (!isStorageError(error, 'exists')) throw fromStorage(core.definition, name, error);
      if (attempt === NAME_ATTEMPTS) throw newGenerateNameConflict(groupResourceOf(core.definition), name, 1);
      delete object.metadata.name;
      nameNewObject(core.definition, object);
    }
  }
}
