import {
  newAlreadyExists,
  newGenerateNameConflict,
  StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import { isStorageError, type OwnedObject, type Revision, type StoredObject } from '@binnacle/server-storage';
import { type Soon, soon, type Steps } from '@binnacle/machinery-context';
import type { AdmissionAttributes } from './admission.js';
import { fromStorage, groupResourceOf, invalid } from './failures.js';
import { encodeObject, keyOf, UNSAVED, unsaved, viewOf } from './object-encoding.js';
import { noteOwners } from './managed-fields.js';
import { nameNewObject, placeObject, refuseNameless, stampNewObject, wipeSystemMetadata } from './object-metadata.js';
import { actorOf, type RequestContext, unhurried } from './request-context.js';
import { guarded, type ResourceCore } from './resource-core.js';

export interface WriteOptions {
  readonly dryRun?: boolean;
  /** Who makes the change, for managed fields. */
  readonly fieldManager?: string;
  /** What is written is so much that others are let in between of the steps. */
  readonly isLarge?: boolean;
}

/** One step, after which others are let in where there is much to do and it took long. */
export function stepOf<T>(core: ResourceCore, ctx: RequestContext, isLarge: boolean, step: () => Soon<T>): Soon<T> {
  if (!isLarge) return step();
  return soon(core.inTurns(alone(step), ctx), (made) => made);
}

function* alone<T>(step: () => Soon<T>): Steps<Soon<T>> {
  const made = step();
  // What has to be waited for lets others in by itself, and left alone its failure would be nobody's.
  if (!(made instanceof Promise)) yield;
  return made;
}

export interface CreateOptions extends WriteOptions {
  /** The managed fields that a server-side apply has noted itself. */
  readonly owners?: string;
}

export interface CreateTarget {
  readonly namespace: string;
  /** Set where the URL names the object, as a PUT that creates does. */
  readonly name?: string;
}

const NAME_ATTEMPTS = 8;

/** What is wrong with a new object; where finding that takes long, others come in between. */
function findErrors(core: ResourceCore, ctx: RequestContext, object: UnstructuredObject): Soon<FieldError[]> {
  const { strategy } = core.definition;
  const always = strategy.validate?.(object) ?? [];
  return soon(core.inTurns(strategy.validateCreate?.(object) ?? [], ctx), (found) => [...always, ...found]);
}

/** What a draft is made for, and by whom. */
interface Creation {
  readonly attributes: AdmissionAttributes;
  readonly options: CreateOptions;
}

/**
 * Completes a draft and notes who owns it: its client all that it said and what that stands for by default, and nobody what
 * admission and the kind's rules add to it.
 * @returns its managed fields.
 */
function prepare(core: ResourceCore, ctx: RequestContext, { attributes, options }: Creation): Soon<string> {
  const { definition, admission } = core;
  const { isLarge = false } = options;
  const next = attributes.object as UnstructuredObject;
  definition.strategy.applyDefaults?.(next);
  const owners = options.owners ?? noteOwners(core, ctx, { next }, options);
  return soon(
    soon(admission.admit(ctx, attributes), () => stepOf(core, ctx, isLarge, () => judge(core, ctx, attributes))),
    () => owners,
  );
}

/** Completes an admitted draft, and refuses it where it is not valid. */
function judge(core: ResourceCore, ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
  const { definition, admission } = core;
  const object = attributes.object as UnstructuredObject;
  const { strategy } = definition;
  stampNewObject(object, ctx.clock.now());
  strategy.prepareForCreate?.(object, ctx.user);
  return soon(findErrors(core, ctx, object), (errors) => {
    if (errors.length > 0) throw invalid(definition, object.metadata.name ?? '', errors);
    refuseNameless(definition, object);
    for (const text of strategy.warnings?.(object) ?? []) ctx.warn(text);
    return admission.validate(ctx, attributes);
  });
}

async function store(
  core: ResourceCore,
  ctx: RequestContext,
  owned: OwnedObject,
  trial: Revision | undefined,
): Promise<StoredObject> {
  const { definition } = core;
  const { object } = owned;
  const dryRun = trial !== undefined;
  const key = keyOf(definition, ctx.cluster, object.metadata.namespace ?? '', object.metadata.name ?? '');
  const release = core.hooks.beforeCreate && (await core.hooks.beforeCreate(ctx, object, dryRun));
  if (dryRun) {
    await release?.(unhurried(ctx));
    return storeNothing(core, ctx, owned, trial);
  }
  try {
    const encoding = encodeObject(ctx, definition, owned);
    const { body, attributes } = encoding instanceof Promise ? await encoding : encoding;
    return await core.storage.write(ctx, { op: 'create', key, body, attributes, actor: actorOf(ctx) });
  } catch (error) {
    await release?.(unhurried(ctx));
    throw error;
  }
}

async function storeNothing(
  core: ResourceCore,
  ctx: RequestContext,
  owned: OwnedObject,
  trial: Revision,
): Promise<StoredObject> {
  const { namespace = '', name = '' } = owned.object.metadata;
  const key = keyOf(core.definition, ctx.cluster, namespace, name);
  const taken = await core.storage.get(ctx, key);
  if (taken) throw newAlreadyExists(groupResourceOf(core.definition), name);
  return unsaved(ctx, core.definition, key, owned, trial);
}

/**
 * What a dry run shows as the resourceVersion: that which was sent, as upstream does; undefined where it is none.
 * A create that is meant is refused where any was sent.
 */
function trialOf({ metadata: { resourceVersion = '' } }: UnstructuredObject, dryRun: boolean): Revision | undefined {
  const isSent = resourceVersion !== '' && resourceVersion !== '0';
  if (dryRun) return isSent && Number.isSafeInteger(Number(resourceVersion)) ? Number(resourceVersion) : UNSAVED;
  if (!isSent) return undefined;
  throw new StatusError(500, 'InternalError', 'resourceVersion should not be set on objects to be created');
}

/** Creates an object from a draft that is changed in place. Behaves as kubernetes registry/generic Store.Create. */
export async function createObject(
  core: ResourceCore,
  ctx: RequestContext,
  target: CreateTarget,
  object: UnstructuredObject,
  options: CreateOptions = {},
): Promise<StoredObject> {
  const { definition } = core;
  const dryRun = options.dryRun ?? false;
  const trial = trialOf(object, dryRun);
  wipeSystemMetadata(object);
  placeObject(definition, object, target);
  const generated = !object.metadata.name && Boolean(object.metadata.generateName);
  const name = nameNewObject(object);
  const { namespace } = target;
  const attributes = { operation: 'CREATE', definition, subresource: '', namespace, name, object, dryRun } as const;
  const prepared = prepare(core, ctx, { attributes, options });
  const owned = { object, owners: prepared instanceof Promise ? await prepared : prepared };
  const stored = generated ? await storeGenerated(core, ctx, owned, trial) : store(core, ctx, owned, trial);
  return viewOf(ctx, definition, await guarded(core, name, Promise.resolve(stored)));
}

/** Finds another name whenever the generated one is taken. */
async function storeGenerated(
  core: ResourceCore,
  ctx: RequestContext,
  owned: OwnedObject,
  trial: Revision | undefined,
): Promise<StoredObject> {
  const { object } = owned;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store(core, ctx, owned, trial);
    } catch (error) {
      const name = object.metadata.name ?? '';
      if (!isStorageError(error, 'exists')) throw fromStorage(core.definition, name, error);
      if (attempt === NAME_ATTEMPTS) throw newGenerateNameConflict(groupResourceOf(core.definition), name, 1);
      delete object.metadata.name;
      nameNewObject(object);
    }
  }
}
