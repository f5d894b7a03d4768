import { storageResource } from '@binnacle/apis-registry';
import { isForbidden } from '@binnacle/machinery-meta';
import { type Permit, sameNamespaces } from '@binnacle/server-auth';
import {
  type ListOptions,
  type ListResult,
  type Scope,
  spaceOf,
  StorageError,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import { forbidden } from '../failures.js';
import type { RequestContext } from '../request-context.js';
import type { ResourceCore } from '../resource-core.js';
import { HeldWatch, type VisibleSource } from './held-watch.js';
import type { Seeing, Visible } from '../visible-sets.js';

/** Rights that change all the time while a list is read are no reason to read for ever. */
const MOST_TRIES = 5;

/** What of a scope is in some namespaces and not in others. */
function part(scope: Scope, visible: Visible, except: Visible): Scope | undefined {
  const { namespaces: _, ...all } = scope;
  if (!except) return undefined;
  if (visible) return { ...all, namespaces: new Set([...visible].filter((one) => !except.has(one))) };
  const matches: Scope['matches'] = (attributes, key, object) =>
    !except.has(spaceOf(key)) && (scope.matches?.(attributes, key, object) ?? true);
  return { ...all, matches };
}

/** A scope as far as its reader may see. */
export function withinSight(scope: Scope, visible: Visible): Scope {
  const { namespaces: _, ...all } = scope;
  return visible ? { ...all, namespaces: visible } : all;
}

/** Lists and watches, each as far as its reader may see and for as long as they may. */
export class VisibleStore {
  constructor(private readonly core: ResourceCore) {}

  /** Lists again where what may be seen has become other meanwhile. Rejects with Forbidden where that is nothing. */
  async list(ctx: RequestContext, scope: Scope, options: ListOptions): Promise<ListResult> {
    const { permit } = ctx;
    let visible = this.sightOf(permit);
    for (let tries = 1; ; tries += 1) {
      const within = withinSight(scope, visible);
      const result = inSight(await this.core.storage.list(ctx, within, options), visible);
      if (!permit.isNarrowable) return result;
      const now = await permit.again(ctx);
      if (sameNamespaces(now.namespaces, visible) || tries === MOST_TRIES) {
        if (options.revision.at !== 'exact' && !options.after) await this.noteTold(ctx, now, scope, result.revision);
        return result;
      }
      visible = this.sightOf(now);
    }
  }

  async watch(ctx: RequestContext, scope: Scope, options: WatchOptions): Promise<Watch> {
    const permit = ctx.permit.isNarrowable ? await ctx.permit.again(ctx) : ctx.permit;
    const visible = this.sightOf(permit);
    if (permit.isNarrowable) await this.refuseGap(ctx, scope, visible, options.after);
    const inner = await this.core.storage.watch(ctx, withinSight(scope, visible), options);
    if (!permit.user) return inner;
    const source = permit.isNarrowable ? this.sourceOf(ctx, scope, options) : undefined;
    const held = new HeldWatch(inner, visible, options.after !== undefined, source);
    held.letGo = permit.hold(held);
    const { signal } = ctx;
    if (signal.aborted) held.close();
    return held;
  }

  /** Of a kind that is in no namespace nothing may be seen by who may see only some. */
  private sightOf({ namespaces }: Permit): Visible {
    const { definition } = this.core;
    if (!namespaces || definition.namespaced || storageResource(definition) === 'namespaces') return namespaces;
    throw forbidden(
      definition,
      '',
      `${definition.names.plural} are in no namespace, and may be seen by who may see all`,
    );
  }

  private async refuseGap(ctx: RequestContext, scope: Scope, visible: Visible, after: number | undefined) {
    if (after === undefined) return;
    const isGapless = await this.core.visible.isGapless(ctx, this.seeing(ctx, scope), visible, after);
    if (!isGapless) throw new StorageError('expired', `other namespaces were visible at ${after}`);
  }

  /** Whoever lists mostly goes on to watch. */
  private async noteTold(ctx: RequestContext, permit: Permit, scope: Scope, revision: number): Promise<void> {
    try {
      const { namespaces } = await permit.also(ctx, 'watch');
      this.core.visible.told(this.seeing(ctx, scope), namespaces, revision);
    } catch (error) {
      if (!isForbidden(error)) throw error;
    }
  }

  /** What is kept as one may be two kinds with rights of their own, as Events are. */
  private seeing({ user, cluster }: RequestContext, { name = '' }: Scope): Seeing {
    const { group, names } = this.core.definition;
    return { user, cluster, resource: `${group}/${names.plural}`, name };
  }

  private sourceOf(ctx: RequestContext, scope: Scope, options: WatchOptions): VisibleSource {
    const { storage, visible, keepsStates } = this.core;
    const seeing = this.seeing(ctx, scope);
    return {
      watch: (now, after) => storage.watch(ctx, withinSight(scope, now), { ...options, after }),
      list: async (now, except, revision) => {
        if (!keepsStates) throw new StorageError('expired', 'other namespaces are visible now');
        const wanted = part(scope, now, except);
        if (!wanted) return [];
        return (await storage.list(ctx, wanted, { revision: { at: 'exact', revision } })).items;
      },
      changed: (now) => visible.changed(seeing, now),
      told: (now, revision) => visible.told(seeing, now, revision),
    };
  }
}

/** Where somebody answers who has not looked at the scope. */
function inSight(result: ListResult, visible: Visible): ListResult {
  if (!visible || result.items.every(({ key }) => visible.has(spaceOf(key)))) return result;
  return { ...result, items: result.items.filter(({ key }) => visible.has(spaceOf(key))) };
}
