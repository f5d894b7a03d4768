import { encodeBody, isStorageError, parseBody, type StoredObject } from '@binnacle/server-storage';
import { formatTime, type UnstructuredObject } from '@binnacle/machinery-meta';
import { actorOf, type RequestContext } from '../request-context.js';
import type { ResourceStorage } from '../resource-core.js';

/** Who holds a claim. */
export interface Claimant {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface Claim {
  readonly value: string;
  readonly claimant: Claimant;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

const NO_ATTRIBUTES = { labels: {}, fields: {} };

/**
 * Values of which each may be held once in a cluster. A claim is a row of the store that is created only if it is
 * absent, so that two servers never give one value away twice.
 */
export class Claims {
  /** `resource` is the storage name the rows have; it is served to nobody. */
  constructor(
    private readonly storage: ResourceStorage,
    private readonly resource: string,
  ) {}

  /** False where somebody else holds it. */
  async take(ctx: RequestContext, value: string, claimant: Claimant): Promise<boolean> {
    const metadata = { name: value, creationTimestamp: formatTime(ctx.clock.now()) };
    const body = encodeBody({ metadata, apiVersion: 'binnacle.dev/v1', kind: 'Claim', claimant });
    const write = {
      op: 'create',
      key: this.key(ctx, value),
      body,
      attributes: NO_ATTRIBUTES,
      actor: actorOf(ctx),
    } as const;
    try {
      await this.storage.write(ctx, write);
      return true;
    } catch (error) {
      if (isStorageError(error, 'exists')) return false;
      throw error;
    }
  }

  async isTaken(ctx: RequestContext, value: string): Promise<boolean> {
    return (await this.storage.get(ctx, this.key(ctx, value))) !== undefined;
  }

  /** Gives a value back; harmless where nobody holds it. */
  async release(ctx: RequestContext, value: string): Promise<void> {
    const stored = await this.storage.get(ctx, this.key(ctx, value));
    if (!stored) return;
    const { key, body, attributes, revision: expected } = stored;
    try {
      await this.storage.write(ctx, { op: 'delete', key, body, attributes, expected, actor: actorOf(ctx) });
    } catch (error) {
      if (!isStorageError(error, 'conflict') && !isStorageError(error, 'notFound')) throw error;
    }
  }

  async list(ctx: RequestContext): Promise<Claim[]> {
    const scope = { cluster: ctx.cluster, resource: this.resource };
    const { items } = await this.storage.list(ctx, scope, { revision: { at: 'latest' } });
    return items.map(toClaim);
  }

  private key(ctx: RequestContext, name: string) {
    return { cluster: ctx.cluster, resource: this.resource, namespace: '', name };
  }
}

function toClaim(stored: StoredObject): Claim {
  const row = parseBody(stored) as UnstructuredObject & { claimant: Claimant };
  const madeAt = Date.parse(row.metadata.creationTimestamp ?? '') || 0;
  return { value: stored.key.name, claimant: row.claimant, madeAt };
}
