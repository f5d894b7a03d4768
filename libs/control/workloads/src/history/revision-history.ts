import type { ControllerRevision } from '@binnacle/apis-kubernetes/apps/v1';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isAlreadyExists, isNotFound, type LabelSelector } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { claim, claimable, planClaims } from '../pods/ownership.js';
import { inOrder, LABEL_REVISION_HASH, newRevision, planRevision, type Remembered } from './revisions.js';
import { sameData } from './template-data.js';

/** More templates of one hash than this are no accident. */
const MOST_COLLISIONS = 20;

/** A revision of the owner's template as it is now, and how many names had to be given up for it. */
export interface Settled {
  readonly revision: ControllerRevision;
  readonly collisions: number;
}

/** ControllerRevisions of the owners of one kind. Behaves as kubernetes pkg/controller/history. */
export class RevisionHistory {
  constructor(
    private readonly client: ResourceClient<ControllerRevision>,
    private readonly informer: SharedInformer<ControllerRevision>,
    private readonly hashLabel = LABEL_REVISION_HASH,
  ) {}

  /** The owner's revisions, oldest first; those of nobody that it selects are taken in. */
  async of(
    ctx: Context,
    owner: Remembered,
    selector: LabelSelector | undefined,
    stillThere: () => Promise<boolean>,
  ): Promise<ControllerRevision[]> {
    const claims = planClaims(owner, matcherFromLabelSelector(selector), claimable(this.informer, owner));
    return inOrder(await claim(ctx, this.client, owner, claims, stillThere));
  }

  /** Makes the newest revision the one of the owner's template. */
  async settle(
    ctx: Context,
    owner: Remembered,
    revisions: readonly ControllerRevision[],
    collisions: number,
  ): Promise<Settled> {
    const plan = planRevision(owner, revisions);
    if (plan.kind === 'create') return this.create(ctx, owner, plan.as, collisions);
    if (plan.kind === 'keep') return { revision: plan.revision, collisions };
    const revision = await this.client.update(ctx, { ...plan.revision, revision: plan.as });
    return { revision: await this.seen(ctx, revision), collisions };
  }

  async forget(ctx: Context, revisions: readonly ControllerRevision[]): Promise<void> {
    for (const revision of revisions) await this.delete(ctx, revision);
  }

  private async create(ctx: Context, owner: Remembered, as: number, before: number): Promise<Settled> {
    for (let collisions = before; collisions < before + MOST_COLLISIONS; collisions += 1) {
      const revision = await this.createOrFind(ctx, newRevision(owner, as, collisions, this.hashLabel));
      if (revision) return { revision, collisions };
    }
    throw new Error(`no free name for a revision of ${owner.kind} "${owner.metadata.name}"`);
  }

  /** Undefined where another template has the name. */
  private async createOrFind(ctx: Context, wanted: ControllerRevision): Promise<ControllerRevision | undefined> {
    try {
      return await this.seen(ctx, await this.client.create(ctx, wanted));
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const { name = '', namespace } = wanted.metadata;
      const existing = await this.client.get(ctx, { name, namespace });
      return sameData(existing.data, wanted.data) ? existing : undefined;
    }
  }

  private async delete(ctx: Context, revision: ControllerRevision): Promise<void> {
    const { name = '', namespace, uid } = revision.metadata;
    try {
      await this.client.delete(ctx, { name, namespace }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const gone = (now?: ControllerRevision) => now?.metadata.uid !== uid || Boolean(now?.metadata.deletionTimestamp);
    await this.informer.waitForObject(ctx, keyOf(revision), gone);
  }

  private async seen(ctx: Context, written: ControllerRevision): Promise<ControllerRevision> {
    await this.informer.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written;
  }
}
