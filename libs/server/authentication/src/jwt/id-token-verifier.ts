import type { Context } from '@binnacle/machinery-context';
import { TokenRefused } from '@binnacle/server-auth';
import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { KeySet } from '../issuer/key-set.js';
import { IssuerUnavailable, type RemoteIssuer } from '../issuer/remote-issuer.js';
import { claimedOf, SIGNING_ALGORITHMS } from './token-shape.js';

/** Whose tokens are believed, and for whom they must be. */
export interface IdTokenExpectation {
  readonly issuer: string;
  /** A token must be for one of them. */
  readonly audiences: readonly string[];
  /** Of JWS; all with public keys without it. */
  readonly algorithms?: readonly string[];
}

const GOOGLE = 'https://accounts.google.com';

const issuersOf = (issuer: string): string[] => (issuer === GOOGLE ? [GOOGLE, 'accounts.google.com'] : [issuer]);

/** What may be mended by asking the issuer for its keys again. */
const isOfOtherKeys = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;

/** Why a token is refused, without what stands in it. */
function refusal(error: unknown): unknown {
  if (error instanceof IssuerUnavailable) return new TokenRefused(`oidc: ${error.message}`);
  return error instanceof errors.JOSEError ? new TokenRefused(`oidc: verify token: ${error.message}`) : error;
}

type Options = JWTVerifyOptions & { readonly currentDate: Date };

/** More than one key may fit where a token names none: each is tried. */
async function verifiedBy(keys: KeySet, token: string, options: Options): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys.getKey, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const payload = await jwtVerify(token, key, options).then(
        (verified) => verified.payload,
        (failure: unknown) => {
          if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
        },
      );
      if (payload) return payload;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Verifies ID tokens of one issuer: by its keys alone, never by one that a token brings or names the place of. */
export class IdTokenVerifier {
  constructor(
    readonly remote: RemoteIssuer,
    private readonly expectation: IdTokenExpectation,
  ) {}

  /** The claims of a token. Rejects with TokenRefused where it is not valid, now and for one of the audiences. */
  async verify(ctx: Context, token: string): Promise<JWTPayload> {
    const claimed = claimedOf(token);
    if (!claimed) throw new TokenRefused('oidc: verify token: malformed token');
    if (claimed.issuer !== this.expectation.issuer)
      throw new TokenRefused('oidc: verify token: it is of another issuer');
    try {
      return await this.verified(ctx, token);
    } catch (error) {
      throw refusal(error);
    }
  }

  private async verified(ctx: Context, token: string): Promise<JWTPayload> {
    const options = this.optionsAt(ctx.clock.now());
    const known = await this.currentKeys();
    try {
      return await verifiedBy(known, token, options);
    } catch (error) {
      if (!isOfOtherKeys(error)) throw error;
      await this.remote.refresh();
      const { keys } = this.remote;
      if (!keys || keys === known) throw error;
      return await verifiedBy(keys, token, options);
    }
  }

  private async currentKeys(): Promise<KeySet> {
    if (this.remote.isStale) await this.remote.refresh();
    const { keys } = this.remote;
    if (!keys) throw new TokenRefused('oidc: authenticator not initialized');
    return keys;
  }

  private optionsAt(now: number): Options {
    const { issuer, audiences, algorithms = SIGNING_ALGORITHMS } = this.expectation;
    return {
      issuer: issuersOf(issuer),
      audience: [...audiences],
      algorithms: [...algorithms],
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    };
  }
}
