import type { Context } from '@binnacle/machinery-context';
import { newTooManyRequests, newUnauthorized } from '@binnacle/machinery-meta';
import type { Account, AccountStore } from '@binnacle/server-storage';
import { type LoginAttempt, LoginLimiter } from './login-limiter.js';
import { PasswordHashing } from './password-hashing.js';
import { hashPassword, NOBODYS_PASSWORD, verifyPassword } from './passwords.js';

/** Nobody is called or remembers more than this. */
const LONGEST_NAME = 256;
const LONGEST_PASSWORD = 1024;

export interface Password {
  readonly user: string;
  readonly password: string;
}

export const wrongPassword = () => newUnauthorized('the name or the password is wrong');

/** Addresses of one network that are given out together count as one. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}

/** Compares passwords, few at a time, and slows guessing down. */
export class PasswordCheck {
  readonly hashing = new PasswordHashing();
  readonly limiter: LoginLimiter;

  constructor(
    ctx: Context,
    private readonly accounts: AccountStore,
  ) {
    this.limiter = new LoginLimiter(ctx.clock);
  }

  /**
   * The account whose password it is, and what has to be done where it still may not sign in. Rejects with Unauthorized for a wrong
   * name or password, with TooManyRequests after too many of them.
   */
  async verify(ctx: Context, from: Omit<LoginAttempt, 'account'>, { user, password }: Password): Promise<Account> {
    if (user.length > LONGEST_NAME || password.length > LONGEST_PASSWORD) throw wrongPassword();
    const attempt = { ...from, account: user, address: networkOf(from.address) };
    this.begin(attempt);
    const account = await this.matching(ctx, attempt, password);
    if (!account) throw wrongPassword();
    this.limiter.succeeded(attempt);
    return account;
  }

  /** Counts a guess at something secret before it is looked at. Throws TooManyRequests after too many. */
  begin(attempt: LoginAttempt): void {
    const wait = this.limiter.begin(attempt);
    if (wait > 0) throw newTooManyRequests('too many failed attempts to sign in, please try again later', wait);
  }

  /** How a new password is kept. Rejects with TooManyRequests where too many are hashed. */
  hash(ctx: Context, address: string, password: string): Promise<string> {
    return this.hashing.run(networkOf(address), () => {
      ctx.signal.throwIfAborted();
      return hashPassword(password);
    });
  }

  private async matching(ctx: Context, attempt: LoginAttempt, password: string): Promise<Account | undefined> {
    try {
      const account = await this.accounts.find(ctx, attempt.account);
      const stored = account?.scrypt || NOBODYS_PASSWORD;
      const matches = await this.hashing.run(attempt.address, () => {
        ctx.signal.throwIfAborted();
        return verifyPassword(password, stored);
      });
      return matches && account?.scrypt ? account : undefined;
    } catch (error) {
      this.limiter.takeBack(attempt);
      throw error;
    }
  }
}
