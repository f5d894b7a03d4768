import { isFinished, type Strategy } from '@binnacle/apis-registry';
import { equalOwners } from '@binnacle/machinery-apply';
import { type Soon, soon, throwIfEnded } from '@binnacle/machinery-context';
import type { ManagedFieldsEntry, UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson, equalJson } from '@binnacle/machinery-patch';
import type { FieldError } from '@binnacle/machinery-validation';
import { isStorageError, type Key, type OwnedObject, type StoredObject } from '@binnacle/server-storage';
import type { AdmissionAttributes } from './admission.js';
import { stepOf, type WriteOptions } from './create-object.js';
import { conflict, fromStorage, invalid } from './failures.js';
import { decodeObject, encodeObject, keyOf, unsaved, viewOf } from './object-encoding.js';
import { noteOwners } from './managed-fields.js';
import { checkRevision, checkUid, checkUpdatedMetadata, keepServerMetadata, placeObject } from './object-metadata.js';
import { actorOf, type RequestContext, unhurried } from './request-context.js';
import { afterWrite, type ObjectPlace, type ResourceCore, readStored, writeAround } from './resource-core.js';

/** What a server-side apply has made: it notes the managed fields itself. */
export class AppliedObject implements OwnedObject {
  constructor(
    readonly object: UnstructuredObject,
    readonly owners: string,
  ) {}
}

/**
 * Makes the next state from a private copy of the current one, which is without its managed fields: `owners` has them as JSON
 * text. Called again when another writer was faster.
 */
export type Change = (current: UnstructuredObject, owners: string) => Soon<UnstructuredObject | AppliedObject>;

export interface UpdateOptions extends WriteOptions {
  /** Which rules apply: those of the object, of its status, of the part that the subresource is, or only what the change checks. */
  readonly rules?: 'main' | 'status' | 'part' | 'none';
  /** For admission: the subresource the request was made to. */
  readonly subresource?: string;
  /** The change leaves what it is given as it is, and shares nothing with it that is changed later: it needs no copy. */
  readonly pure?: boolean;
  /** Accepts a next state without resourceVersion even where the kind asks for one, as applies do. */
  readonly unconditional?: boolean;
  /** The writer comes to own nothing, as of a binding. */
  readonly unowned?: boolean;
  /**
   * The managed fields that the client sent with the next state, as JSON text, where they are left out of that: they were those of
   * the object when it was looked at.
   */
  readonly sentOwners?: string;
  /** A patch made the change: its uid is a field like others, and no precondition. */
  readonly patched?: boolean;
}

const ATTEMPTS = 64;
/** Bytes of an object of which each step of a change takes long, however little is changed. */
const LARGE = 64 * 1024;

function refuse({ definition }: ResourceCore, { metadata }: UnstructuredObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(definition, metadata.name ?? '', errors);
}

/** Where finding faults takes long, others come in between. */
function applyRules(core: ResourceCore, ctx: RequestContext, { next, old }: States): Soon<void> {
  const { strategy } = core.definition;
  strategy.prepareForUpdate?.(next, old, ctx.clock.now());
  const always = [...checkUpdatedMetadata(next, old), ...(strategy.validate?.(next) ?? [])];
  return soon(core.inTurns(strategy.validateUpdate?.(next, old) ?? [], ctx), (found) => {
    refuse(core, old, [...always, ...found]);
    for (const text of strategy.warnings?.(next, old) ?? []) ctx.warn(text);
  });
}

function applyStatusRules(core: ResourceCore, ctx: RequestContext, { next, old }: States): Soon<void> {
  const { strategy } = core.definition;
  if (strategy.prepareForStatusUpdate) strategy.prepareForStatusUpdate(next, old, ctx.clock.now());
  else next.spec = old.spec;
  const always = checkUpdatedMetadata(next, old);
  return soon(core.inTurns(strategy.validateStatusUpdate?.(next, old) ?? [], ctx), (found) =>
    refuse(core, old, [...always, ...found]),
  );
}

/** Rules of what is written through a subresource of its own. */
function applyPartRules(core: ResourceCore, ctx: RequestContext, part: string, { next, old }: States): void {
  const rules = core.definition.strategy.parts?.[part];
  if (!rules) throw new Error(`there are no rules for ${core.definition.names.plural}/${part}`);
  rules.prepareForUpdate(next, old, ctx.clock.now());
  refuse(core, old, [...checkUpdatedMetadata(next, old), ...rules.validateUpdate(next, old)]);
}

function applyRulesOf(
  { rules = 'main', subresource = '' }: UpdateOptions,
  core: ResourceCore,
  ctx: RequestContext,
  states: States,
): Soon<void> {
  switch (rules) {
    case 'main':
      return applyRules(core, ctx, states);
    case 'status':
      return applyStatusRules(core, ctx, states);
    case 'part':
      return applyPartRules(core, ctx, subresource, states);
    case 'none':
      return;
  }
}

interface States {
  readonly next: UnstructuredObject;
  readonly old: UnstructuredObject;
  /** The managed fields of both, as JSON text. */
  readonly owners: { readonly next: string; readonly old: string };
}

function nextState(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  change: Change,
  options: UpdateOptions,
): Soon<States> {
  const owned = decodeObject(ctx, core.definition, current);
  return soon(owned, (old) => changedState(core, ctx, { current, old }, change, options));
}

const isLargeChange = (current: StoredObject, { isLarge = false }: UpdateOptions): boolean =>
  isLarge || current.body.length > LARGE;

function changedState(
  core: ResourceCore,
  ctx: RequestContext,
  { current, old }: { readonly current: StoredObject; readonly old: OwnedObject },
  change: Change,
  options: UpdateOptions,
): Soon<States> {
  const { object, owners } = old;
  const isLarge = isLargeChange(current, options);
  const changed = stepOf(core, ctx, isLarge, () => change(options.pure ? object : cloneJson(object), owners));
  return soon(changed, (next) => admitted(core, ctx, current.key, { next, old }, { ...options, isLarge }));
}

/** What a change has made of a state. */
interface Made {
  readonly next: UnstructuredObject | AppliedObject;
  readonly old: OwnedObject;
}

/** Managed fields that were left out are those a state has anyway, or else, where it has others by now, what the client says. */
export function restoreOwners({ metadata }: UnstructuredObject, sent: string | undefined, owners: string): void {
  if (sent !== undefined && sent !== owners) metadata.managedFields = JSON.parse(sent) as ManagedFieldsEntry[];
}

/** What admission and the kind's rules do to it afterwards is nobody's. */
function ownersAfter(core: ResourceCore, ctx: RequestContext, { next, old }: Made, options: UpdateOptions): string {
  if (next instanceof AppliedObject) return next.owners;
  restoreOwners(next, options.sentOwners, old.owners);
  if (!options.unowned) return noteOwners(core, ctx, { next, old }, options);
  delete next.metadata.managedFields;
  return old.owners;
}

/** Brings a changed state into the form it is stored in, or refuses it. */
function admitted(
  core: ResourceCore,
  ctx: RequestContext,
  { namespace, name }: Key,
  made: Made,
  options: UpdateOptions,
): Soon<States> {
  const { definition, admission } = core;
  const old = made.old.object;
  const next = made.next instanceof AppliedObject ? made.next.object : made.next;
  placeObject(definition, next, { namespace, name });
  if (!options.patched) checkUid(definition, next, old);
  checkRevision(definition, next, old, options.unconditional ?? definition.strategy.allowUnconditionalUpdate ?? false);
  keepServerMetadata(next, old);
  definition.strategy.applyDefaults?.(next);
  const states = { next, old, owners: { next: ownersAfter(core, ctx, made, options), old: made.old.owners } };
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
  const { isLarge = false } = options;
  const judge = (): Soon<void> =>
    soon(
      stepOf(core, ctx, isLarge, () => applyRulesOf(options, core, ctx, states)),
      () => admission.validate(ctx, attributes),
    );
  return soon(soon(admission.admit(ctx, attributes), judge), () => {
    next.metadata.resourceVersion = old.metadata.resourceVersion ?? '';
    return states;
  });
}

const isGone = (strategy: Strategy<UnstructuredObject>, object: UnstructuredObject): boolean =>
  strategy.isFinished?.(object) ?? isFinished(object);

async function commit(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  { next, old, owners }: States,
): Promise<StoredObject> {
  const { definition, hooks } = core;
  const release = hooks.beforeUpdate && (await hooks.beforeUpdate(ctx, next, old, false));
  const op = isGone(definition.strategy, next) ? 'delete' : 'update';
  const { key, revision: expected } = current;
  const encoding = encodeObject(ctx, definition, { object: next, owners: owners.next });
  let stored: StoredObject;
  try {
    const { body, attributes } = encoding instanceof Promise ? await encoding : encoding;
    const write = () => core.storage.write(ctx, { op, key, expected, body, attributes, actor: actorOf(ctx) });
    const change = op === 'delete' ? { old } : { old, next };
    stored = await writeAround(core, ctx, change, write);
  } catch (error) {
    await release?.(unhurried(ctx));
    throw error;
  }
  const { afterDelete, afterUpdate } = hooks;
  if (op === 'delete' && afterDelete) await afterWrite(ctx, (later) => afterDelete.call(hooks, later, next));
  if (op === 'update' && afterUpdate) await afterWrite(ctx, (later) => afterUpdate.call(hooks, later, next, old));
  return stored;
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
  const { next, old, owners } = states;
  const compared = stepOf(
    core,
    ctx,
    isLargeChange(current, options),
    () => equalJson(next, old) && equalOwners(owners.next, owners.old),
  );
  if (compared instanceof Promise ? await compared : compared) return { stored: current, changed: false };
  if (!options.dryRun) return { stored: await commit(core, ctx, current, states), changed: true };
  const release = await core.hooks.beforeUpdate?.(ctx, next, old, true);
  await release?.(unhurried(ctx));
  const tried = { object: next, owners: owners.next };
  return { stored: await unsaved(ctx, core.definition, current.key, tried, current.revision), changed: true };
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
  const object = `${ctx.cluster}/${place.namespace}/${place.name}`;
  const turn = core.turns.take(object, ctx);
  if (turn) await turn;
  try {
    return await updateInTurn(core, ctx, place, change, options);
  } finally {
    core.turns.give(object);
  }
}

async function updateInTurn(
  core: ResourceCore,
  ctx: RequestContext,
  place: ObjectPlace,
  change: Change,
  options: UpdateOptions,
): Promise<StoredObject> {
  const some = readSome(core, ctx, place);
  let current = some instanceof Promise ? await some : some;
  let fresh = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    throwIfEnded(ctx);
    const outcome = await attemptUpdate(core, ctx, current, change, options).catch((error: unknown) => ({ error }));
    const lost = 'error' in outcome && isStorageError(outcome.error, 'conflict');
    const settled = 'error' in outcome ? fresh && !lost : fresh || outcome.changed;
    if (settled) return settle(core, ctx, place, outcome);
    const latest = await readStored(core, ctx, place, { at: 'latest' });
    if (!lost && latest.revision === current.revision) return settle(core, ctx, place, outcome);
    current = latest;
    fresh = true;
  }
  throw conflict(core.definition, place.name);
}

function settle(
  core: ResourceCore,
  ctx: RequestContext,
  place: ObjectPlace,
  outcome: Attempt | { readonly error: unknown },
): Soon<StoredObject> {
  if ('error' in outcome) throw fromStorage(core.definition, place.name, outcome.error);
  return viewOf(ctx, core.definition, outcome.stored);
}
