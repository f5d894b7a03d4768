import type { ResourceDefinition } from '@binnacle/apis-registry';
import { newUnknownPath, StatusError } from '@binnacle/machinery-meta';
import type { Watch } from '@binnacle/server-storage';
import type { RequestContext } from './request-context.js';
import type { ResourceSets } from './resource-sets.js';

const isServed = (sets: ResourceSets, cluster: string, definition: ResourceDefinition): boolean => {
  const set = sets.peek(cluster);
  return !set || set.find(definition.group, definition.version, definition.names.plural) === definition;
};

/** Why a watch has ended whose kind left the cluster, or became another: whoever watches begins anew. */
export class KindLeft extends StatusError {
  constructor() {
    super(410, 'Expired', 'the kind that is watched has left this cluster or become another');
  }
}

/** A watch that can be told that its kind has left. */
interface Kept {
  readonly watch: Watch;
  hasLeft: boolean;
}

/**
 * Watches of kinds that can leave the set of their cluster, or become others: they end then with KindLeft. Behaves as
 * upstream's apiextensions customresource handler, which closes the storage of a definition that changed.
 */
export class OpenWatches {
  private readonly open = new Map<string, Map<ResourceDefinition, Set<Kept>>>();

  constructor(private readonly sets: ResourceSets) {
    sets.onChange((cluster) => this.endUnserved(cluster));
  }

  /** Ends a watch when its kind leaves. Throws NotFound where it has. */
  keep(ctx: RequestContext, definition: ResourceDefinition, watch: Watch): Watch {
    const { cluster, signal } = ctx;
    if (!isServed(this.sets, cluster, definition)) {
      watch.close();
      throw newUnknownPath();
    }
    const kept: Kept = { watch, hasLeft: false };
    const among = this.among(cluster, definition);
    const forget = () => {
      signal.removeEventListener('abort', forget);
      among.delete(kept);
      if (among.size === 0) this.drop(cluster, definition, among);
    };
    among.add(kept);
    signal.addEventListener('abort', forget, { once: true });
    return watchUntilItLeaves(kept, forget);
  }

  private among(cluster: string, definition: ResourceDefinition): Set<Kept> {
    let kinds = this.open.get(cluster);
    if (!kinds) this.open.set(cluster, (kinds = new Map<ResourceDefinition, Set<Kept>>()));
    let watches = kinds.get(definition);
    if (!watches) kinds.set(definition, (watches = new Set()));
    return watches;
  }

  private drop(cluster: string, definition: ResourceDefinition, among: Set<Kept>): void {
    const kinds = this.open.get(cluster);
    if (kinds?.get(definition) === among) kinds.delete(definition);
    if (kinds?.size === 0) this.open.delete(cluster);
  }

  private endUnserved(cluster: string): void {
    for (const [definition, watches] of this.open.get(cluster) ?? []) {
      if (isServed(this.sets, cluster, definition)) continue;
      for (const kept of [...watches]) {
        kept.hasLeft = true;
        kept.watch.conclude();
      }
    }
  }
}

function watchUntilItLeaves(kept: Kept, forget: () => void): Watch {
  const { watch } = kept;
  return {
    get reached() {
      return watch.reached;
    },
    close() {
      forget();
      watch.close();
    },
    conclude: () => watch.conclude(),
    async *[Symbol.asyncIterator]() {
      try {
        yield* watch;
        if (kept.hasLeft) throw new KindLeft();
      } finally {
        forget();
      }
    },
  };
}
