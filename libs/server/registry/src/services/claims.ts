import { type Attributes, encodeBody, isStorageError, parseBody, type StoredObject } from '@binnacle/server-storage';
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

/** How a claim is written down. */
export interface ClaimForm {
  /** The storage name the rows have. */
  readonly resource: string;
  write(claim: Claim): { readonly body: Buffer; readonly attributes: Attributes };
  /** Undefined for a row that is nobody's claim. */
  read(stored: StoredObject): Claim | undefined;
}

/** Rows that are served to nobody. */
export const privateForm = (resource: string): ClaimForm => ({
  resource,
  write: ({ value, claimant, madeAt }) => {
    const metadata = { name: value, creationTimestamp: formatTime(madeAt) };
    const body = encodeBody({ metadata, apiVersion: 'binnacle.dev/v1', kind: 'Claim', claimant });
    return { body, attributes: { labels: {}, fields: {} } };
  },
  read: (stored) => {
    const row = parseBody(stored) as UnstructuredObject & { claimant: Claimant };
    return { value: stored.key.name, claimant: row.claimant, madeAt: madeAtOf(row) };
  },
});

export const madeAtOf = ({ metadata }: UnstructuredObject): number => Date.parse(metadata.creationTimestamp ?? '') || 0;

/**
 * Values of which each may be held once in a cluster. A claim is a row of the store that is created only if it is
 * absent, so that two servers never give one value away twice.
 */
export class Claims {
  private readonly resource: string;

  constructor(
    private readonly storage: ResourceStorage,
    private readonly form: ClaimForm,
  ) {
    this.resource = form.resource;
  }

  /** False where somebody else holds it. */
  async take(ctx: RequestContext, value: string, claimant: Claimant): Promise<boolean> {
    const row = this.form.write({ value, claimant, madeAt: ctx.clock.now() });
    try {
      await this.storage.write(ctx, { op: 'create', key: this.key(ctx, value), ...row, actor: actorOf(ctx) });
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
    if (!stored || !this.form.read(stored)) return;
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
    return items.flatMap((item) => this.form.read(item) ?? []);
  }

  private key(ctx: RequestContext, name: string) {
    return { cluster: ctx.cluster, resource: this.resource, namespace: '', name };
  }
}
