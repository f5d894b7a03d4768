import type { Context } from '@binnacle/machinery-context';
import { type GuardedFetch, guardedFetch } from '@binnacle/server-egress';
import * as oauth from 'oauth4webapi';
import type { IdentityProvider } from './identity-provider.js';
import { OidcRefusal } from './refusal.js';

const ANSWER_MILLISECONDS = 10_000;
const ANSWER_BYTES = 256 * 1024;
/** What a provider says of itself changes seldom. */
const KNOWN_MILLISECONDS = 10 * 60_000;
/** Whoever asks next while it cannot be reached is told so at once. */
const FAILED_MILLISECONDS = 5_000;
const MOST_KNOWN = 100;
/** Of all providers and people together. */
const MOST_ASKED_TOGETHER = 16;

/** What is said of itself by a provider, and how it is asked. */
export interface ProviderConnection {
  readonly server: oauth.AuthorizationServer;
  readonly fetch: GuardedFetch;
}

interface Known {
  readonly until: number;
  readonly server: oauth.AuthorizationServer | OidcRefusal;
}

/** For a library that wants to be given its `fetch`. */
export function fetchOptions(fetch: GuardedFetch) {
  return { [oauth.customFetch]: (url: string, init: Parameters<GuardedFetch>[1]) => fetch(url, init) };
}

const isHttps = (url: string | undefined): boolean =>
  url !== undefined && /^https:\/\//i.test(url) && URL.canParse(url);

/** Where a browser is led to must be a web page: not everything a provider can name is. */
function checked(server: oauth.AuthorizationServer): oauth.AuthorizationServer {
  const { authorization_endpoint: page, token_endpoint: token, jwks_uri: keys } = server;
  if (isHttps(page) && isHttps(token) && isHttps(keys)) return server;
  throw new Error('its metadata lacks an https endpoint for authorization, tokens or keys');
}

/** Asks providers what they say of themselves, once for all who sign in. */
export class ProviderConnections {
  private readonly known = new Map<string, Known>();
  private readonly asking = new Map<string, Promise<oauth.AuthorizationServer>>();
  private running = 0;

  constructor(private readonly server: Context) {}

  /** Rejects with OidcRefusal. */
  async to(ctx: Context, provider: IdentityProvider): Promise<ProviderConnection> {
    const fetch = this.fetchFor(ctx, provider);
    return { server: await this.metadata(provider), fetch };
  }

  private fetchFor(ctx: Context, { certificateAuthority }: IdentityProvider): GuardedFetch {
    const fetch = guardedFetch(ctx, { milliseconds: ANSWER_MILLISECONDS, bytes: ANSWER_BYTES, certificateAuthority });
    return async (url, init) => {
      if (this.running >= MOST_ASKED_TOGETHER) throw new OidcRefusal('busy', 'too many people sign in at the moment');
      this.running += 1;
      try {
        return await fetch(url, init);
      } finally {
        this.running -= 1;
      }
    };
  }

  private async metadata(provider: IdentityProvider): Promise<oauth.AuthorizationServer> {
    const key = JSON.stringify([provider.issuer, provider.certificateAuthority]);
    const known = this.known.get(key);
    if (known && known.until > this.server.clock.now()) {
      if (known.server instanceof OidcRefusal) throw known.server;
      return known.server;
    }
    const asking = this.asking.get(key) ?? this.ask(provider, key).finally(() => this.asking.delete(key));
    this.asking.set(key, asking);
    return asking;
  }

  /** In the server's own time: whoever asked first may leave. */
  private async ask(provider: IdentityProvider, key: string): Promise<oauth.AuthorizationServer> {
    try {
      const issuer = new URL(provider.issuer);
      const options = { algorithm: 'oidc' as const, ...fetchOptions(this.fetchFor(this.server, provider)) };
      const answer = await oauth.discoveryRequest(issuer, options);
      return this.remember(key, checked(await oauth.processDiscoveryResponse(issuer, answer)), KNOWN_MILLISECONDS);
    } catch (error) {
      if (error instanceof OidcRefusal) throw error;
      const refusal = new OidcRefusal('provider', `${provider.issuer} cannot be asked who it is`, { cause: error });
      this.remember(key, refusal, FAILED_MILLISECONDS);
      throw refusal;
    }
  }

  private remember<T extends Known['server']>(key: string, server: T, milliseconds: number): T {
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(key, { server, until: this.server.clock.now() + milliseconds });
    return server;
  }
}
