import type { Informer, Lister } from '@binnacle/client-informers';
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

/** Indexes: by the uid of the controlling owner, and orphans by namespace. */
const CONTROLLER_UID = 'controllerUid';
const ORPHANS = 'orphans';

/** Needed once before dependents are asked for in the ways below. */
export function indexByOwner<T extends KubeObject>(informer: Pick<Informer<T>, 'addIndex'>): void {
  informer.addIndex(CONTROLLER_UID, (object) => [controllerOf(object)?.uid].filter((uid) => uid !== undefined));
  informer.addIndex(ORPHANS, (object) => (controllerOf(object) ? [] : [object.metadata.namespace ?? '']));
}

/** What the object of this uid controls. */
export const controlledBy = <T extends KubeObject>(lister: Lister<T>, uid: string): readonly T[] =>
  lister.byIndex(CONTROLLER_UID, uid);

/** What nobody controls in the namespace. */
export const orphansIn = <T extends KubeObject>(lister: Lister<T>, namespace: string): readonly T[] =>
  lister.byIndex(ORPHANS, namespace);

/** What an owner has, and what it might take in. */
export function claimable<T extends KubeObject>(lister: Lister<T>, { metadata }: KubeObject): T[] {
  const { uid = '', namespace = '' } = metadata;
  return [...controlledBy(lister, uid), ...orphansIn(lister, namespace)];
}

/** Whether the very object lives, by what `fetch` answers, and is not on its way out. */
export async function isStillThere({ metadata }: KubeObject, fetch: () => Promise<KubeObject>): Promise<boolean> {
  const fresh = await ignoreNotFound(fetch());
  return fresh?.metadata.uid === metadata.uid && !fresh?.metadata.deletionTimestamp;
}

export interface Claims<T> {
  /** Already controlled and still chosen by the selector. */
  readonly kept: T[];
  readonly adopt: T[];
  readonly release: T[];
  /** What is put on those that come, and taken off those that go. */
  readonly finalizer?: string;
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

/** Who takes in and lets go: the owner, and by whom it says so. */
interface Claimant<T extends KubeObject> {
  readonly client: ResourceClient<T>;
  readonly owner: KubeObject;
  readonly finalizer?: string | undefined;
}

async function adopt<T extends KubeObject>(ctx: Context, { client, owner, finalizer }: Claimant<T>, orphan: T) {
  const { uid } = orphan.metadata;
  const ownerReferences = [controllerReferenceTo(owner, owner)];
  const metadata = { uid, ownerReferences, ...(finalizer && { finalizers: [finalizer] }) };
  return ignoreNotFound(client.patch(ctx, nameOf(orphan), 'strategic', { metadata }));
}

/** A patch of metadata that takes a finalizer away. */
export const withoutFinalizerPatch = (finalizer: string) => ({ '$deleteFromPrimitiveList/finalizers': [finalizer] });

async function release<T extends KubeObject>(
  ctx: Context,
  { client, owner, finalizer }: Claimant<T>,
  dependent: T,
): Promise<void> {
  const ownerReferences = [{ $patch: 'delete', uid: owner.metadata.uid }];
  const off = finalizer ? withoutFinalizerPatch(finalizer) : {};
  const patch = { metadata: { uid: dependent.metadata.uid, ownerReferences, ...off } };
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
  const claimant = { client, owner, finalizer: claims.finalizer };
  await Promise.all(claims.release.map((dependent) => release(ctx, claimant, dependent)));
  if (claims.adopt.length === 0 || !(await stillThere())) return claims.kept;
  const adopted = await Promise.all(claims.adopt.map((orphan) => adopt(ctx, claimant, orphan)));
  return [...claims.kept, ...adopted.filter((object) => object !== undefined)];
}
