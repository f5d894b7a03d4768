import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { LABEL_TOKEN_INVALID_SINCE, LABEL_TOKEN_LAST_USED } from '@binnacle/apis-kubernetes/tokens';
import { ignoreNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { type ResourceStore, systemContext } from '@binnacle/server-registry';
import type { TokenObjects, TokenPlace } from '@binnacle/server-auth';
import type { SecretReader, TokenSecret } from '@binnacle/server-authentication';
import { type Key, parseBody, type StorageReader, type StoredObject } from '@binnacle/server-storage';

const LEEWAY_MILLISECONDS = 60_000;

interface Life {
  readonly uid?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
}

const lives = new WeakMap<StoredObject, Life>();

/** Read once of each state of an object: every request with its token asks. */
function lifeOf(stored: StoredObject): Life {
  let life = lives.get(stored);
  if (!life) {
    const { uid, deletionTimestamp } = parseBody(stored).metadata;
    lives.set(stored, (life = { uid, deletionTimestamp }));
  }
  return life;
}

/** What is not in the cache yet may be in the store; what is there is had at once. */
function findLife(storage: StorageReader, ctx: Context, key: Key): Soon<Life> {
  const known = storage.peek(key);
  return known ? lifeOf(known) : find(storage, ctx, key).then((found) => found?.metadata ?? {});
}

async function find(storage: StorageReader, ctx: Context, key: Key): Promise<UnstructuredObject | undefined> {
  const stored = (await storage.get(ctx, key, { at: 'any' })) ?? (await storage.get(ctx, key, { at: 'latest' }));
  return stored && parseBody(stored);
}

/** Writes the days on which tokens in Secrets were shown, each once, however many requests show it meanwhile. */
class TokenUses {
  private readonly writing = new Set<string>();

  constructor(
    private readonly ctx: Context,
    private readonly secrets: () => ResourceStore,
  ) {}

  /** Whoever shows the token does not wait for it, and what cannot be written now is with the next request. */
  mark(cluster: string, place: TokenPlace, day: string): void {
    const key = `${cluster}/${place.namespace}/${place.name}`;
    if (this.writing.has(key)) return;
    this.writing.add(key);
    this.write(cluster, place, day)
      .catch((error: unknown) => this.ctx.logger.debug('the use of a token is not written down', { key, error }))
      .finally(() => this.writing.delete(key));
  }

  private async write(cluster: string, place: TokenPlace, day: string): Promise<void> {
    const change = ({ metadata, ...secret }: UnstructuredObject) => {
      const labels = { ...metadata.labels, [LABEL_TOKEN_LAST_USED]: day };
      return { ...secret, metadata: { ...metadata, labels } };
    };
    await ignoreNotFound(this.secrets().update(systemContext(this.ctx, cluster), place, change));
  }
}

/** Looks up in the store whether what a token names still exists; `ctx` is the server's, which outlives its requests. */
export function storedTokenObjects(ctx: Context, storage: StorageReader, secrets: () => ResourceStore): TokenObjects {
  const uses = new TokenUses(ctx, secrets);
  return {
    markUsed: (_, cluster, place, day) => uses.mark(cluster, place, day),
    uidOf: (ctx, cluster, resource, place) =>
      soon(findLife(storage, ctx, { cluster, resource, ...place }), ({ uid, deletionTimestamp }) => {
        // As upstream, what is being deleted counts for as long as clocks may differ.
        const isGone = deletionTimestamp && Date.parse(deletionTimestamp) < ctx.clock.now() - LEEWAY_MILLISECONDS;
        return isGone ? undefined : uid;
      }),
    async tokenIn(ctx, cluster, place) {
      const secret = await find(storage, ctx, { cluster, resource: 'secrets', ...place });
      const { token } = (secret?.data ?? {}) as { token?: string };
      if (!secret || !token || secret.metadata.deletionTimestamp) return undefined;
      const { [LABEL_TOKEN_LAST_USED]: lastUsed, [LABEL_TOKEN_INVALID_SINCE]: since } = secret.metadata.labels ?? {};
      const text = Buffer.from(token, 'base64').toString();
      return { token: text, ...(lastUsed && { lastUsed }), invalid: Boolean(since) };
    },
  };
}

/**
 * Secrets as the cache has them, which is asked for tokens that anybody may make up: no guess reaches the database. Waits only for a
 * cluster that is not in the cache yet.
 */
export function cachedSecrets(storage: StorageReader): SecretReader {
  return {
    secret: (ctx, cluster, namespace, name) => {
      const key = { cluster, resource: 'secrets', namespace, name };
      const known = storage.peek(key);
      if (known) return parseBody(known) as TokenSecret;
      if (storage.peekAll({ cluster, resource: 'secrets', namespace })) return undefined;
      return storage.get(ctx, key, { at: 'any' }).then((found) => found && (parseBody(found) as TokenSecret));
    },
  };
}
