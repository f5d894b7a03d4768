import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import type { SignInStores, Token, TokenScope } from '@binnacle/server-storage';
import { type AuthenticationMethod, bearerToken, type Credentials } from '../authenticator.js';
import type { UserInfo } from '../user-info.js';
import type { KnownCredential, People } from './people.js';
import { hashOfSecret, RememberedCredentials } from './remembered-credentials.js';

const PREFIX = 'bnc_';
const SHAPE = /^bnc_([\w-]{43})([0-9a-f]{8})$/;
const ID_BYTES = 12;
const TOUCH_EVERY = 5 * 60_000;

const checksum = (value: string): string => crc32(value).toString(16).padStart(8, '0');

/** A new token: 256 bits, and a checksum by which programs that look for lost secrets know one from another text. */
export function newPersonalToken(): string {
  const value = randomBytes(32).toString('base64url');
  return `${PREFIX}${value}${checksum(value)}`;
}

/** What a new token is called where it is listed; never like an option of a command. */
export const newTokenId = (): string => randomBytes(ID_BYTES).toString('hex');

/** Whether a text can be a token at all, which is seen before anything is looked up. */
export function isPersonalToken(text: string): boolean {
  const [, value = '', sum = ''] = SHAPE.exec(text) ?? [];
  return sum !== '' && checksum(value) === sum;
}

/** Absent for a token that is good for everything. */
function scopeOf({ clusters, readOnly }: TokenScope): TokenScope | undefined {
  return readOnly || clusters.length > 0 ? { clusters, readOnly } : undefined;
}

/**
 * Believes the tokens people have made themselves. They are for this API alone: nobody else is told whose they are, since nobody
 * else would keep them to what they may be used for.
 */
export class PersonalTokens implements AuthenticationMethod {
  private readonly known: RememberedCredentials;

  constructor(
    people: People,
    private readonly stores: Pick<SignInStores, 'accounts' | 'tokens'>,
  ) {
    this.known = new RememberedCredentials(people, (ctx, hash) => this.lookUp(ctx, hash));
  }

  authenticate(ctx: Context, { headers }: Credentials): Soon<UserInfo | undefined> {
    const token = bearerToken(headers);
    if (!token?.startsWith(PREFIX)) return undefined;
    if (!isPersonalToken(token)) throw newUnauthorized('Unauthorized');
    return soon(this.known.userOf(ctx, hashOfSecret(token)), (user) => {
      if (!user?.credential || user.credential.expiresAt <= ctx.clock.now()) throw newUnauthorized('Unauthorized');
      return user;
    });
  }

  private async lookUp(ctx: Context, hash: string): Promise<KnownCredential | undefined> {
    const token = await this.stores.tokens.find(ctx, hash);
    const account = token && (await this.stores.accounts.find(ctx, token.account));
    if (!token || account?.uid === undefined) return undefined;
    await this.touch(ctx, token);
    const { uid, groups, name } = account;
    const credential = { kind: 'token', id: token.id, expiresAt: token.expiresAt } as const;
    const scope = scopeOf(token);
    return { account: name, uid, groups, credential, endsAt: token.expiresAt, ...(scope && { scope }) };
  }

  private async touch(ctx: Context, { hash, lastUsed = 0 }: Token): Promise<void> {
    if (ctx.clock.now() - lastUsed > TOUCH_EVERY) await this.stores.tokens.touch(ctx, hash);
  }
}
