import { planDeletion } from '@binnacle/apis-registry';
import { type DeleteOptions, StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { isStorageError, type OwnedObject, type StoredObject } from '@binnacle/server-storage';
import type { WriteOptions } from './create-object.js';
import { conflict, fromStorage } from './failures.js';
import { decodeObject, encodeObject, unsaved, viewOf } from './object-encoding.js';
import type { RequestContext } from './request-context.js';
import {
  afterWrite,
  type ObjectPlace,
  type ResourceCore,
  readStored,
  writeAround,
  writeStored,
} from './resource-core.js';

export interface DeleteResult {
  /** The last state where it is gone, else the state that is going. */
  readonly stored: StoredObject;
  readonly removed: boolean;
}

const ATTEMPTS = 64;

/** @throws StatusError (Conflict) where the object is not the one that is meant. */
export function checkPreconditions(
  core: Pick<ResourceCore, 'definition'>,
  object: UnstructuredObject,
  options: DeleteOptions,
): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = object;
  const { group, names } = core.definition;
  // Upstream names the kind, not the resource, here.
  const of = { group, names: { ...names, plural: names.kind } };
  const name = metadata.name ?? '';
  if (uid && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid})`;
    throw conflict(of, name, `${why}. The object might have been deleted and then recreated`);
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const record = `the ResourceVersion in record (${metadata.resourceVersion})`;
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match ${record}`;
    throw conflict(of, name, `${why}. The object might have been modified`);
  }
}

async function mark(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  next: OwnedObject,
  dryRun: boolean,
): Promise<DeleteResult> {
  if (dryRun)
    return { stored: await unsaved(ctx, core.definition, current.key, next, current.revision), removed: false };
  const write = { op: 'update', key: current.key, expected: current.revision } as const;
  const encoded = await encodeObject(ctx, core.definition, next);
  // What is marked goes, too.
  const stored = await writeAround(core, ctx, { old: next.object }, () =>
    writeStored(core, ctx, { ...write, ...encoded }),
  );
  return { stored: await viewOf(ctx, core.definition, stored), removed: false };
}

async function remove(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  last: OwnedObject,
  dryRun: boolean,
): Promise<DeleteResult> {
  if (dryRun)
    return { stored: await unsaved(ctx, core.definition, current.key, last, current.revision), removed: true };
  const write = { op: 'delete', key: current.key, expected: current.revision } as const;
  const encoded = await encodeObject(ctx, core.definition, last);
  const stored = await writeAround(core, ctx, { old: last.object }, () =>
    writeStored(core, ctx, { ...write, ...encoded }),
  );
  const { afterDelete } = core.hooks;
  if (afterDelete) await afterWrite(ctx, (later) => afterDelete.call(core.hooks, later, last.object));
  return { stored: await viewOf(ctx, core.definition, stored), removed: true };
}

async function attemptDelete(
  core: ResourceCore,
  ctx: RequestContext,
  current: StoredObject,
  options: DeleteOptions,
  dryRun: boolean,
): Promise<DeleteResult> {
  const { definition } = core;
  const { object, owners } = await decodeObject(ctx, definition, current);
  checkPreconditions(core, object, options);
  const { namespace, name } = current.key;
  const base = { operation: 'DELETE', definition, subresource: '', namespace, name, old: object, dryRun } as const;
  await core.admission.admit(ctx, base);
  await core.admission.validate(ctx, base);
  const { strategy } = definition;
  const now = ctx.clock.now();
  const plan = strategy.planDeletion?.(object, options, now) ?? planDeletion(object, options, strategy, now);
  if (plan.act === 'wait') return { stored: await viewOf(ctx, definition, current), removed: false };
  if (plan.act === 'mark') return mark(core, ctx, current, { object: plan.next, owners }, dryRun);
  return remove(core, ctx, current, { object: plan.last, owners }, dryRun);
}

/** Deletes an object or sets its deletion going. Behaves as kubernetes registry/generic Store.Delete. */
export async function deleteObject(
  core: ResourceCore,
  ctx: RequestContext,
  place: ObjectPlace,
  options: DeleteOptions = {},
  write: WriteOptions = {},
): Promise<DeleteResult> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const fresh = attempt > 0;
    try {
      const current = await readStored(core, ctx, place, { at: fresh ? 'latest' : 'any' });
      return await attemptDelete(core, ctx, current, options, write.dryRun ?? false);
    } catch (error) {
      const stale = !fresh && (error instanceof StatusError || isStorageError(error, 'notFound'));
      if (!stale && !isStorageError(error, 'conflict')) throw fromStorage(core.definition, place.name, error);
    }
  }
  throw conflict(core.definition, place.name);
}
