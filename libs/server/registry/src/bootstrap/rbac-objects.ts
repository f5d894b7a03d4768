import { ignoreNotFound, isAlreadyExists, isConflict, type UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson } from '@binnacle/machinery-patch';
import { bootstrapPolicy } from '@binnacle/server-auth';
import type { StoredObject } from '@binnacle/server-storage';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import type { ResourceStore } from '../resource-store.js';
import { mendOf, type RbacObject } from './reconcile-role.js';

const GROUP = 'rbac.authorization.k8s.io';

/** Roles before what binds them. */
const KINDS = [
  ['clusterroles', () => bootstrapPolicy().clusterRoles],
  ['roles', () => bootstrapPolicy().roles],
  ['clusterrolebindings', () => bootstrapPolicy().clusterRoleBindings],
  ['rolebindings', () => bootstrapPolicy().roleBindings],
] as const;

/** What has been looked at and is as it should be: looking again costs nothing. */
const settled = new WeakSet<StoredObject>();

const placeOf = ({ metadata }: RbacObject) => ({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => `${namespace}/${name}`;

async function create(ctx: RequestContext, store: ResourceStore, wanted: RbacObject): Promise<void> {
  const { namespace } = placeOf(wanted);
  try {
    await store.create(ctx, { namespace }, cloneJson(wanted as unknown as UnstructuredObject));
  } catch (error) {
    // Another server made it.
    if (!isAlreadyExists(error)) throw error;
  }
}

async function mend(
  ctx: RequestContext,
  store: ResourceStore,
  stored: StoredObject,
  wanted: RbacObject,
): Promise<void> {
  if (settled.has(stored)) return;
  const found = mendOf(store.decode(stored) as unknown as RbacObject, wanted);
  if (!found) return void settled.add(stored);
  try {
    if (found.act === 'update') await store.update(ctx, placeOf(wanted), () => cloneJson(found.object));
    else {
      await ignoreNotFound(store.delete(ctx, placeOf(wanted)));
      await create(ctx, store, wanted);
    }
  } catch (error) {
    // Somebody changed it meanwhile; the next look decides.
    if (!isConflict(error)) throw error;
  }
}

async function keepKind(ctx: RequestContext, store: ResourceStore, wanted: readonly RbacObject[]): Promise<void> {
  const { items } = await store.list(ctx, {}, { revision: { at: 'any' } });
  const known = new Map(items.map((stored) => [keyOf(stored.key), stored]));
  // All of a kind in one batch.
  await Promise.all(
    wanted.map((one) => {
      const stored = known.get(keyOf(placeOf(one)));
      return stored ? mend(ctx, store, stored, one) : create(ctx, store, one);
    }),
  );
}

/**
 * Gives a logical cluster the roles and bindings that everybody begins with, and those that exist what is missing of them. What
 * is there already and says so is left alone. Harmless to repeat, and cheap where nothing is to be done.
 */
export async function keepRbacObjects(ctx: RequestContext, registry: Pick<Registry, 'get'>): Promise<void> {
  for (const [plural, wanted] of KINDS) await keepKind(ctx, registry.get(GROUP, 'v1', plural), wanted());
}
