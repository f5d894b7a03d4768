import type { Context, Soon } from '@binnacle/machinery-context';
import { RememberedTokens, type TokenAnswer, type TokenAuthenticator } from '@binnacle/server-auth';
import type { KeySet } from '../issuer/key-set.js';
import { RemoteIssuer } from '../issuer/remote-issuer.js';
import type { CompiledAuthenticator } from './compiled-authenticator.js';
import { mapClaims } from './claim-mapper.js';
import { IdTokenVerifier } from './id-token-verifier.js';
import { claimedOf } from './token-shape.js';

/** Whom a token stands for, while its keys are the issuer's. */
interface Known {
  readonly answer: TokenAnswer;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly keys: KeySet | undefined;
}

/** Believes the tokens of one issuer. `ctx` is the server's, and ends with the configuration. */
export class JwtAuthenticator {
  private readonly remote: RemoteIssuer;
  private readonly verifier: IdTokenVerifier;
  private readonly known = new RememberedTokens<Known>();

  constructor(
    ctx: Context,
    private readonly compiled: CompiledAuthenticator,
    remote?: RemoteIssuer,
  ) {
    const { issuer, audiences, algorithms, source } = compiled;
    this.remote = remote ?? new RemoteIssuer(ctx, source);
    this.verifier = new IdTokenVerifier(this.remote, { issuer, audiences, algorithms });
  }

  get issuer(): string {
    return this.compiled.issuer;
  }

  /** Asks for the keys before anybody needs them. */
  start(): void {
    void this.remote.refresh();
  }

  /** At once where the token was seen before and the issuer's keys are the same. */
  authenticate(ctx: Context, token: string): Soon<TokenAnswer> {
    const known = this.known.get(token);
    const isCurrent = known && !this.remote.isStale && known.keys === this.remote.keys;
    if (isCurrent && known.expiresAt > ctx.clock.now()) return known.answer;
    return this.verify(ctx, token);
  }

  private async verify(ctx: Context, token: string): Promise<TokenAnswer> {
    const claims = await this.verifier.verify(ctx, token);
    const expiresAt = (claims.exp ?? 0) * 1000;
    const answer = { user: { ...mapClaims(claims, this.compiled.mappings), expiresAt } };
    this.known.set(token, { answer, expiresAt, keys: this.remote.keys });
    return answer;
  }
}

/** Those of several issuers, of which a token names its own. */
export class JwtAuthenticators implements TokenAuthenticator {
  private byIssuer: ReadonlyMap<string, JwtAuthenticator> = new Map();

  /** From now on these and no others. */
  use(authenticators: readonly JwtAuthenticator[]): void {
    this.byIssuer = new Map(authenticators.map((one) => [one.issuer, one]));
  }

  authenticateToken(ctx: Context, token: string): Soon<TokenAnswer | undefined> {
    if (this.byIssuer.size === 0) return undefined;
    const issuer = claimedOf(token)?.issuer;
    return typeof issuer === 'string' ? this.byIssuer.get(issuer)?.authenticate(ctx, token) : undefined;
  }
}
