import { type Context, soon } from '@binnacle/machinery-context';
import type { Authorizer } from '@binnacle/server-auth';
import { CHANGES, ChangeSource, type MayRead, PastStorage } from '@binnacle/server-history';
import type { ObjectSource } from '@binnacle/server-registry';
import { presentCluster, type Storage } from '@binnacle/server-storage';

/** What the past of clusters is served from. */
export interface Past {
  /** The store, in which the names of clusters may be followed by a moment. */
  readonly storage: PastStorage;
  /** Kinds whose objects are entries of the log. */
  readonly sources: Readonly<Record<string, ObjectSource>>;
}

/** Rights to what was changed, as they are now. */
function mayRead(authorizer: Authorizer): MayRead {
  return (ctx, { verb, ...target }) => {
    const resource = { ...target, version: 'v1', subresource: '' };
    const asked = { user: ctx.user, cluster: presentCluster(ctx.cluster), verb, resource };
    return soon(authorizer.authorize(ctx, asked), ({ allowed }) => allowed);
  };
}

export function composePast(ctx: Context, store: Storage, authorizer: Authorizer): Past {
  const storage = new PastStorage(ctx, store);
  const sources = { [CHANGES]: new ChangeSource(storage.moments, store, mayRead(authorizer)) };
  return { storage, sources };
}
