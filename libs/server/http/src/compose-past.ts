import { soon } from '@binnacle/machinery-context';
import type { Authorizer } from '@binnacle/server-auth';
import {
  CHANGES,
  ChangeSource,
  DECISIONS,
  DecisionSource,
  type MayRead,
  type PastStorage,
} from '@binnacle/server-history';
import type { ObjectSource } from '@binnacle/server-registry';
import { type DecisionStore, MemoryDecisions, presentCluster, type Storage } from '@binnacle/server-storage';
import { DecisionsHandler } from './decisions/decisions-handler.js';
import { serveDecisionNodes } from './decisions/serve-decision-nodes.js';
import { serveBlame } from './history/serve-blame.js';
import type { PathHandler } from './paths/api-handler.js';
import type { SubresourceServer } from './verbs/subresource-handler.js';

/** What the past of clusters is served from. */
export interface Past {
  /** The store, in which the names of clusters may be followed by a moment. */
  readonly storage: PastStorage;
  /** Kinds whose objects are entries of the log. */
  readonly sources: Readonly<Record<string, ObjectSource>>;
  readonly subresources: readonly SubresourceServer[];
  readonly handlers: readonly PathHandler[];
}

/** What is kept of clusters: everything that was written, and what schedulers decided. */
interface Kept {
  readonly storage: Storage;
  readonly decisions?: DecisionStore;
}

/** Rights to what was changed, as they are now. */
function mayRead(authorizer: Authorizer): MayRead {
  return (ctx, { verb, ...target }) => {
    const resource = { ...target, version: 'v1', subresource: '' };
    const asked = { user: ctx.user, cluster: presentCluster(ctx.cluster), verb, resource };
    return soon(authorizer.authorize(ctx, asked), ({ allowed }) => allowed);
  };
}

export function composePast(
  storage: PastStorage,
  { storage: store, decisions: log }: Kept,
  authorizer: Authorizer,
): Past {
  const kept = log ?? new MemoryDecisions();
  const decisions = new DecisionSource(storage.moments, kept, mayRead(authorizer), storage.beginnings);
  const changes = new ChangeSource(storage.moments, store, mayRead(authorizer), storage.beginnings);
  return {
    storage,
    sources: { [CHANGES]: changes, [DECISIONS]: decisions },
    subresources: [serveDecisionNodes(decisions), serveBlame(storage.moments, store)],
    handlers: [new DecisionsHandler(kept)],
  };
}
