import type { Context } from '@binnacle/machinery-context';
import { guardedFetch, type GuardedFetch } from '@binnacle/server-egress';
import { COOLDOWN, FETCH_BOUNDS, lifeOf, LONGEST_WITHOUT_ANSWER, MOST_WAITING, pauseAfter } from './key-bounds.js';
import { KeySet } from './key-set.js';

/** Where an issuer is found. */
export interface IssuerSource {
  /** As tokens name it; https. */
  readonly url: string;
  /** Where its document is, if not below that. */
  readonly discoveryURL?: string | undefined;
  /** PEM; the system's authorities without it. */
  readonly certificateAuthority?: string | undefined;
}

/** As much of an issuer's document as is needed here and for signing in. */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
}

/** An issuer that cannot be asked now. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

const WELL_KNOWN = '/.well-known/openid-configuration';

interface Fetched {
  readonly keys: KeySet;
  readonly at: number;
  readonly until: number;
}

async function readJson(fetch: GuardedFetch, url: string): Promise<{ value: unknown; life: number }> {
  const answer = await fetch(url, { headers: { accept: 'application/json' } });
  if (answer.status !== 200) throw new Error(`${new URL(url).origin} answered ${answer.status}`);
  try {
    return { value: await answer.json(), life: lifeOf(answer.headers.get('cache-control')) };
  } catch {
    throw new Error(`${new URL(url).origin} answered no JSON`);
  }
}

function readMetadata(value: unknown, issuer: string): ProviderMetadata {
  const metadata = (value ?? {}) as Partial<ProviderMetadata>;
  // Or one issuer could have another's tokens verified by its own keys.
  if (metadata.issuer !== issuer) throw new Error('the document is of another issuer');
  if (typeof metadata.jwks_uri !== 'string') throw new Error('the document says nothing of keys');
  return metadata as ProviderMetadata;
}

/**
 * Asks an issuer for its document and its keys, and keeps them: one question at a time, with pauses that grow while it fails, and
 * never sooner than every ten seconds however many tokens name keys that it does not have. `ctx` is the server's.
 */
export class RemoteIssuer {
  private readonly fetch: GuardedFetch;
  private known: ProviderMetadata | undefined;
  private fetched: Fetched | undefined;
  private pending: Promise<void> | undefined;
  private waiting = 0;
  private failures = 0;
  private notBefore = 0;
  private failure = 'it was not asked yet';

  constructor(
    private readonly ctx: Context,
    private readonly source: IssuerSource,
    fetch?: GuardedFetch,
  ) {
    const { certificateAuthority } = source;
    this.fetch = fetch ?? guardedFetch(ctx, { ...FETCH_BOUNDS, ...(certificateAuthority && { certificateAuthority }) });
  }

  /** The keys as they are known; undefined where none are, or none that may still be used. */
  get keys(): KeySet | undefined {
    const { fetched } = this;
    return fetched && fetched.at + LONGEST_WITHOUT_ANSWER > this.ctx.clock.now() ? fetched.keys : undefined;
  }

  /** Whether it is time to ask for them again. */
  get isStale(): boolean {
    return !this.fetched || this.fetched.until <= this.ctx.clock.now();
  }

  /** Asks for the document and the keys, unless that was done a moment ago. Resolves also where nothing came of it. */
  async refresh(): Promise<void> {
    if (!this.pending && this.ctx.clock.now() < this.notBefore) return;
    this.pending ??= this.load().finally(() => (this.pending = undefined));
    if (this.waiting >= MOST_WAITING) throw new IssuerUnavailable('too many requests wait for the issuer');
    this.waiting += 1;
    try {
      await this.pending;
    } finally {
      this.waiting -= 1;
    }
  }

  /** The issuer's document. Rejects with IssuerUnavailable where there is none. */
  async metadata(): Promise<ProviderMetadata> {
    if (!this.known) await this.refresh();
    if (!this.known) throw new IssuerUnavailable(`the issuer ${this.source.url} cannot be asked: ${this.failure}`);
    return this.known;
  }

  private async load(): Promise<void> {
    const { clock, logger } = this.ctx;
    try {
      const metadata = this.known ?? (await this.discover());
      const { value, life } = await readJson(this.fetch, metadata.jwks_uri);
      const [keys, at] = [KeySet.from(value), clock.now()];
      const same = this.fetched?.keys;
      this.fetched = { keys: same?.isSame(keys) ? same : keys, at, until: at + life };
      this.known = metadata;
      this.failures = 0;
      this.notBefore = at + COOLDOWN;
    } catch (error) {
      this.failures += 1;
      this.notBefore = clock.now() + pauseAfter(this.failures);
      this.failure = (error as Error).message;
      // Its keys may have moved.
      this.known = undefined;
      if (!this.ctx.signal.aborted) logger.warn('an issuer cannot be asked', { issuer: this.source.url, error });
    }
  }

  private async discover(): Promise<ProviderMetadata> {
    const { url, discoveryURL = `${url.replace(/\/$/, '')}${WELL_KNOWN}` } = this.source;
    return readMetadata((await readJson(this.fetch, discoveryURL)).value, url);
  }
}
