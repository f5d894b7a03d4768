import { type Soon, soon } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson, equalJson } from '@binnacle/machinery-patch';
import { isStorageError, type Key, type StoredObject } from '@binnacle/server-storage';
import type { AdmissionAttributes } from './admission.js';
import type { WriteOptions } from './create-object.js';
import { conflict, fromStorage, invalid } from './failures.js';
import { rulesOf } from './kind-rules.js';
import { decodeObject, encodeObject, keyOf, unsaved, viewOf } from './object-encoding.js';
import { noteOwners } from './managed-fields.js';
import { checkIdentity, checkUpdatedMetadata, keepServerMetadata, placeObject } from './object-metadata.js';
import { actorOf, type RequestContext } from './request-context.js';
import { type ObjectPlace, type ResourceCore, readStored } from './resource-core.js';

/** Makes the next state from a private copy of the current one. Called again when another writer was faster. */
export type Change = (current: UnstructuredObject) => Soon<UnstructuredObject>;

export interface UpdateOptions extends WriteOptions {
  /** Which rules apply: those of the object, of its status, or none beyond what the change itself checks. */
  readonly rules?: 'main' | 'status' | 'none';
  /** For admission: the subresource the request was made to. */
  readonly subresource?: string;
  /** The change leaves what it is given as it is, and shares nothing with it that is changed later: it needs no copy. */
  readonly pure?: boolean;
  /** Accepts a next state without resourceVersion even where the kind asks for one, as patches do. */
  readonly unconditional?: boolean;
}

const ATTEMPTS = 64;

function applyRules(core: ResourceCore, ctx: RequestContext, next: UnstructuredObject, old: UnstructuredObject): void {
  const { strategy } = core.definition;
  strategy.prepareForUpdate?.(next, old);
  const errors = [
    ...checkUpdatedMetadata(next, old),
    ...(strategy.validate?.(next) ?? []),
    ...(strategy.validateUpdate?.(next, old) ?? []),
  ];
  if (errors.length > 0) throw invalid(core.definition, old.metadata.name ?? '', errors);
  for (const text of strategy.warnings?.(next, old) ?? []) ctx.warn(text);
}

function applyStatusRules(core: ResourceCore, next: UnstructuredObject, old: UnstructuredObject): void {
  const { strategy } = core.definition;
  if (strategy.prepareForStatusUpdate) strategy.prepareForStatusUpdate(next, old);
  else next.spec = old.spec;
  const errors = [...checkUpdatedMetadata(next, old), ...(strategy.validateStatusUpdate?.(next, old) ?? [])];
  if (errors.length > 0) throw invalid(core.definition, old.metadata.name ?? '', errors);
}

interface States {
  readonly next: UnstructuredObject;
  readonly old: UnstructuredObject;
}

function nextState(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  change: Change,
  options: UpdateOptions,
): Soon<States> {
  const old = decodeObject(core.definition, current);
  return soon(change(options.pure ? old : cloneJson(old)), (next) =>
    admitted(core, ctx, current.key, { next, old }, options),
  );
}

/** Brings a changed state into the form it is stored in, or refuses it. */
function admitted(
  core: ResourceCore,
  ctx: RequestContext,
  { namespace, name }: Key,
  states: States,
  options: UpdateOptions,
): Soon<States> {
  const { definition, admission } = core;
  const { next, old } = states;
  placeObject(definition, next, { namespace, name });
  checkIdentity(definition, next, old, options.unconditional ?? definition.strategy.allowUnconditionalUpdate ?? false);
  keepServerMetadata(next, old);
  definition.strategy.applyDefaults?.(next);
  const attributes: AdmissionAttributes = {
    operation: 'UPDATE',
    definition,
    subresource: options.subresource ?? '',
    namespace,
    name,
    object: next,
    old,
    dryRun: options.dryRun ?? false,
  };
  const judge = (): Soon<void> => {
    const rules = options.rules ?? 'main';
    if (rules === 'main') applyRules(core, ctx, next, old);
    if (rules === 'status') applyStatusRules(core, next, old);
    if (!options.applied) noteOwners(definition, ctx, states, options);
    return admission.validate(ctx, attributes);
  };
  return soon(soon(admission.admit(ctx, attributes), judge), () => {
    next.metadata.resourceVersion = old.metadata.resourceVersion ?? '';
    return states;
  });
}

async function commit(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  { next, old }: States,
): Promise<StoredObject> {
  const { definition, hooks } = core;
  const release = hooks.beforeUpdate && (await hooks.beforeUpdate(ctx, next, old, false));
  const op = rulesOf(definition).isFinished(next) ? 'delete' : 'update';
  const { key, revision: expected } = current;
  const { body, attributes } = encodeObject(definition, next);
  try {
    const stored = await core.storage.write(ctx, { op, key, expected, body, attributes, actor: actorOf(ctx) });
    if (op === 'delete') await hooks.afterDelete?.(ctx, next);
    else await hooks.afterUpdate?.(ctx, next, old);
    return stored;
  } catch (error) {
    await release?.(ctx);
    throw error;
  }
}

interface Attempt {
  readonly stored: StoredObject;
  readonly changed: boolean;
}

async function attemptUpdate(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  change: Change,
  options: UpdateOptions,
): Promise<Attempt> {
  const made = nextState(core, ctx, current, change, options);
  const states = made instanceof Promise ? await made : made;
  if (equalJson(states.next, states.old)) return { stored: current, changed: false };
  if (!options.dryRun) return { stored: await commit(core, ctx, current, states), changed: true };
  const release = await core.hooks.beforeUpdate?.(ctx, states.next, states.old, true);
  await release?.(ctx);
  return { stored: unsaved(core.definition, current.key, states.next, current.revision), changed: true };
}

/** A state to start from: as the cache has it, which may be out of date, or else as it is now. */
function readSome(core: ResourceCore, ctx: RequestContext, place: ObjectPlace): Soon<StoredObject> {
  const key = keyOf(core.definition, ctx.cluster, place.namespace, place.name);
  return core.storage.peek(key) ?? readStored(core, ctx, place, { at: 'latest' });
}

/**
 * Reads, changes and writes an object until nobody else wrote in between. A change that alters nothing is not written.
 * Behaves as kubernetes storage GuaranteedUpdate: the first attempt starts from the cache, and what it finds, a refusal
 * or that there is nothing to do, counts only if the cache was up to date.
 */
export async function updateObject(
  core: ResourceCore,
  ctx: RequestContext,
  place: ObjectPlace,
  change: Change,
  options: UpdateOptions = {},
): Promise<StoredObject> {
  const some = readSome(core, ctx, place);
  let current = some instanceof Promise ? await some : some;
  let fresh = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const outcome = await attemptUpdate(core, ctx, current, change, options).catch((error: unknown) => ({ error }));
    const lost = 'error' in outcome && isStorageError(outcome.error, 'conflict');
    const settled = 'error' in outcome ? fresh && !lost : fresh || outcome.changed;
    if (settled) return settle(core, place, outcome);
    const latest = await readStored(core, ctx, place, { at: 'latest' });
    if (!lost && latest.revision === current.revision) return settle(core, place, outcome);
    current = latest;
    fresh = true;
  }
  throw conflict(core.definition, place.name);
}

function settle(core: ResourceCore, place: ObjectPlace, outcome: Attempt | { readonly error: unknown }): StoredObject {
  if ('error' in outcome) throw fromStorage(core.definition, place.name, outcome.error);
  return viewOf(core.definition, outcome.stored);
}
