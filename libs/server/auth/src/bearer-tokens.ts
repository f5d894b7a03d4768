import type { Context, Soon } from '@binnacle/machinery-context';
import { soon } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import { type AuthenticationMethod, bearerToken, type Credentials } from './authenticator.js';
import type { UserInfo } from './user-info.js';

/** Where a token is shown, and for whom it must be. */
export interface TokenScope {
  /** The logical cluster. */
  readonly cluster: string;
  /** Of which it must be for one, where it says for whom it is. */
  readonly audiences: readonly string[];
}

/** Whom a token stands for. */
export interface TokenAnswer {
  readonly user: UserInfo;
  /** Those of the asked ones that it is for; undefined where its kind knows no audiences and is for the API alone. */
  readonly audiences?: readonly string[];
}

/** A token that is of a known kind and not valid. The message says why, never what stands in the token. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** One kind of tokens. Undefined where a token is of another kind; throws or rejects with TokenRefused where it is not valid. */
export interface TokenAuthenticator {
  authenticateToken(ctx: Context, token: string, scope: TokenScope): Soon<TokenAnswer | undefined>;
}

/** Tokens are as long as headers may be, wherever they are shown. */
export const LONGEST_TOKEN = 16 * 1024;

const isRefused = (error: unknown): error is TokenRefused => error instanceof TokenRefused;

/** What several authenticators said of one token, as upstream joins it. */
const joined = (reasons: readonly string[]): string =>
  reasons.length === 1 ? (reasons[0] ?? '') : `[${reasons.join(', ')}]`;

/**
 * Asks each kind of tokens in turn; the first that knows whom a token stands for is believed. Behaves as kubernetes apiserver
 * pkg/authentication/token/union.
 */
export class BearerTokens implements AuthenticationMethod, TokenAuthenticator {
  constructor(
    private readonly kinds: readonly TokenAuthenticator[],
    /** For whom the tokens are that requests to this API show. */
    readonly apiAudiences: readonly string[],
  ) {}

  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo | undefined> {
    const token = bearerToken(credentials.headers);
    if (!token) return undefined;
    const scope = { cluster: credentials.cluster, audiences: this.apiAudiences };
    const refuse = (error?: unknown): never => {
      if (error !== undefined && !isRefused(error)) throw error;
      ctx.logger.debug('a token is refused', { reason: error?.message });
      throw newUnauthorized('Unauthorized');
    };
    try {
      const answer = soon(this.authenticateToken(ctx, token, scope), (found) => found?.user ?? refuse());
      return answer instanceof Promise ? answer.catch(refuse) : answer;
    } catch (error) {
      return refuse(error);
    }
  }

  authenticateToken(ctx: Context, token: string, scope: TokenScope): Soon<TokenAnswer | undefined> {
    if (token.length > LONGEST_TOKEN) throw new TokenRefused('the token is too long');
    return this.ask(ctx, token, scope, 0, []);
  }

  private ask(
    ctx: Context,
    token: string,
    scope: TokenScope,
    at: number,
    reasons: readonly string[],
  ): Soon<TokenAnswer | undefined> {
    const kind = this.kinds[at];
    if (!kind) {
      if (reasons.length > 0) throw new TokenRefused(joined(reasons));
      return undefined;
    }
    const next = (more: readonly string[]) => this.ask(ctx, token, scope, at + 1, more);
    const failed = (error: unknown) => {
      if (!isRefused(error)) throw error;
      return next([...reasons, error.message]);
    };
    let answer: Soon<TokenAnswer | undefined>;
    try {
      answer = kind.authenticateToken(ctx, token, scope);
    } catch (error) {
      return failed(error);
    }
    if (!(answer instanceof Promise)) return this.accept(answer, scope) ?? next(reasons);
    return answer.then(
      (found) => this.accept(found, scope) ?? next(reasons),
      (error: unknown) => failed(error),
    );
  }

  /** A kind that knows no audiences is for the API. Behaves as kubernetes authenticator.WrapAudienceAgnosticToken. */
  private accept(answer: TokenAnswer | undefined, { audiences }: TokenScope): TokenAnswer | undefined {
    if (!answer || answer.audiences) return answer;
    const common = this.apiAudiences.filter((audience) => audiences.includes(audience));
    return common.length > 0 ? { ...answer, audiences: common } : undefined;
  }
}
