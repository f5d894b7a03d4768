import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import {
  controllerOf,
  controllerReferenceTo,
  ignoreNotFound,
  isControlledBy,
  isInvalid,
  isNotFound,
  type KubeObject,
} from '@binnacle/machinery-meta';
import type { LabelMatcher } from '@binnacle/machinery-selectors';

/** Index functions: by the uid of the controlling owner, and orphans by namespace. */
export const CONTROLLER_UID = 'controllerUid';
export const ORPHANS = 'orphans';

export function controllerUidKeys(object: KubeObject): string[] {
  const owner = controllerOf(object);
  return owner ? [owner.uid] : [];
}

export function orphanKeys(object: KubeObject): string[] {
  return controllerOf(object) ? [] : [object.metadata.namespace ?? ''];
}

export interface Claims<T> {
  /** Already controlled and still chosen by the selector. */
  readonly kept: T[];
  readonly adopt: T[];
  readonly release: T[];
}

/** Sorts dependents into those that stay, come and go; those that do not `fit` count as not chosen. Pure. */
export function planClaims<T extends KubeObject>(
  owner: KubeObject,
  matcher: LabelMatcher,
  dependents: readonly T[],
  fit: (dependent: T) => boolean = () => true,
): Claims<T> {
  const claims: Claims<T> = { kept: [], adopt: [], release: [] };
  const ownerLeaves = owner.metadata.deletionTimestamp !== undefined;
  for (const dependent of dependents) {
    const matches = matcher.matches(dependent.metadata.labels) && fit(dependent);
    if (isControlledBy(dependent, owner)) {
      if (matches) claims.kept.push(dependent);
      else if (!ownerLeaves) claims.release.push(dependent);
    } else if (matches && !ownerLeaves && !controllerOf(dependent) && !dependent.metadata.deletionTimestamp) {
      claims.adopt.push(dependent);
    }
  }
  return claims;
}

const nameOf = ({ metadata: { name = '', namespace } }: KubeObject) => ({ name, namespace });

async function adopt<T extends KubeObject>(ctx: Context, client: ResourceClient<T>, owner: KubeObject, orphan: T) {
  const { uid } = orphan.metadata;
  const ownerReferences = [controllerReferenceTo(owner, owner)];
  return ignoreNotFound(client.patch(ctx, nameOf(orphan), 'strategic', { metadata: { uid, ownerReferences } }));
}

async function release<T extends KubeObject>(ctx: Context, client: ResourceClient<T>, owner: KubeObject, dependent: T) {
  const ownerReferences = [{ $patch: 'delete', uid: owner.metadata.uid }];
  const patch = { metadata: { uid: dependent.metadata.uid, ownerReferences } };
  try {
    await client.patch(ctx, nameOf(dependent), 'strategic', patch);
  } catch (error) {
    // Gone, or made again under the same name: either way it is ours no longer.
    if (!isNotFound(error) && !isInvalid(error)) throw error;
  }
}

/**
 * Takes in what the selector chooses and nobody controls, lets go of what it no longer chooses, and answers what the owner
 * has now. `stillThere` asks the server, not a cache, whether the owner lives: an owner on its way out adopts nothing.
 * Behaves as kubernetes pkg/controller/controller_ref_manager.go.
 */
export async function claim<T extends KubeObject>(
  ctx: Context,
  client: ResourceClient<T>,
  owner: KubeObject,
  claims: Claims<T>,
  stillThere: () => Promise<boolean>,
): Promise<T[]> {
  await Promise.all(claims.release.map((dependent) => release(ctx, client, owner, dependent)));
  if (claims.adopt.length === 0 || !(await stillThere())) return claims.kept;
  const adopted = await Promise.all(claims.adopt.map((orphan) => adopt(ctx, client, owner, orphan)));
  return [...claims.kept, ...adopted.filter((object) => object !== undefined)];
}
