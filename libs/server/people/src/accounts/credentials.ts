import type { Context } from '@binnacle/machinery-context';
import {
  formatTime,
  ignoreNotFound,
  newConflict,
  newForbidden,
  newInvalid,
  newNotFound,
  newUnauthorized,
} from '@binnacle/machinery-meta';
import { invalid, type FieldError, fieldPath, required } from '@binnacle/machinery-validation';
import {
  hashOfSecret,
  newPersonalToken,
  newTokenId,
  type PasswordCheck,
  type Person,
  type PersonalCredential,
  sessionId,
  wrongPassword,
} from '@binnacle/server-auth';
import type { Account, SignInStores, Token, TokenScope } from '@binnacle/server-storage';
import type { PeopleObjects } from '../objects/people-objects.js';
import { madeUpPassword } from './made-up-password.js';
import type { SignInMethods } from './sign-in-methods.js';
import { passwordFault } from './password-rules.js';

const DAY = 24 * 60 * 60_000;
/** Of one person. */
const MOST_TOKENS = 100;
const LONGEST_TOKEN_LIFE = 366 * DAY;
const LONGEST_TOKEN_NAME = 100;
const MOST_CLUSTERS = 50;
const TOKEN_NAME = /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+$/u;

/** A session as it is shown to whose it is. */
export interface ShownSession {
  readonly id: string;
  readonly created: string;
  readonly lastSeen: string;
  readonly expiresAt: string;
  readonly address: string;
  readonly userAgent: string;
  readonly current: boolean;
}

/** A token as it is shown afterwards. */
export interface ShownToken extends TokenScope {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly expiresAt: string;
  readonly lastUsed?: string;
}

export interface NewToken {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly scope: TokenScope;
}

/** Whom something is done to: the User of that name, not a namesake. */
export type Subject = Pick<Person, 'name' | 'uid'>;

export interface PasswordReset {
  /** Who does it. */
  readonly by: string;
  /** Whether passkeys and linked identities go as well, so that nothing but the new password lets anybody in. */
  readonly removesMethods?: boolean;
}

const keyOf = ({ name, uid }: Subject) => ({ account: name, uid });
const NOBODY = { group: 'iam.binnacle.dev', resource: 'users' };
const refused = (kind: string, name: string, errors: readonly FieldError[]) =>
  newInvalid({ group: NOBODY.group, kind }, name, errors);

const shownToken = (token: Token): ShownToken => ({
  id: token.id,
  name: token.name,
  created: formatTime(token.createdAt),
  expiresAt: formatTime(token.expiresAt),
  ...(token.lastUsed !== undefined && { lastUsed: formatTime(token.lastUsed) }),
  clusters: token.clusters,
  readOnly: token.readOnly,
});

/** @throws StatusError Invalid at `field` where the password will not do for somebody of that name. */
export function checkNewPassword(password: string, name: string, field: string): void {
  const fault = passwordFault(password, name);
  // The value itself is not for an answer.
  if (fault)
    throw refused('User', name, [
      { type: 'FieldValueInvalid', field, message: `Invalid value: the password ${fault}` },
    ]);
}

function faultsOf({ name, expiresAt, scope }: NewToken, now: number): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(fieldPath('name')));
  else if (name.length > LONGEST_TOKEN_NAME || !TOKEN_NAME.test(name))
    errors.push(
      invalid(
        fieldPath('name'),
        name.slice(0, LONGEST_TOKEN_NAME),
        `must be one line of at most ${LONGEST_TOKEN_NAME} characters`,
      ),
    );
  if (!(expiresAt > now && expiresAt <= now + LONGEST_TOKEN_LIFE))
    errors.push(
      invalid(
        fieldPath('expiresAt'),
        Number.isFinite(expiresAt) ? formatTime(expiresAt) : '',
        'must be within a year from now',
      ),
    );
  if (scope.clusters.length > MOST_CLUSTERS || scope.clusters.some((cluster) => !/^[a-z0-9-]{1,63}$/.test(cluster)))
    errors.push(
      invalid(fieldPath('scope', 'clusters'), '', `must be at most ${MOST_CLUSTERS} names of logical clusters`),
    );
  return errors;
}

/** What people sign in with, as they and administrators change it. No secret is logged; all reject with a StatusError. */
export class Credentials {
  constructor(
    private readonly stores: SignInStores,
    private readonly objects: PeopleObjects,
    private readonly passwords: Pick<PasswordCheck, 'hash'>,
    private readonly methods: SignInMethods,
  ) {}

  /** A new password that must be changed when it is used first. Sessions, tokens and terminals that were let in end. */
  async resetPassword(ctx: Context, person: Subject, { by, removesMethods = false }: PasswordReset): Promise<string> {
    const password = madeUpPassword();
    const scrypt = await this.passwords.hash(ctx, by, password);
    // Before sessions end: whoever signs in meanwhile by one of them looks whether it is there still.
    if (removesMethods) {
      await this.methods.removePasskeys(ctx, keyOf(person));
      await this.methods.removeIdentities(ctx, keyOf(person));
    }
    await this.setPassword(ctx, person, { scrypt, mustChange: true });
    await this.stores.tokens.removeOf(ctx, person.name);
    await this.objects.noteRevoked(
      ctx,
      person.name,
      (status) => void Object.assign(status, { mustChangePassword: true }),
    );
    ctx.logger.info('a password was reset', { user: person.name, by });
    return password;
  }

  /** The one that whoever has the machine gave the first account, by its hash. Sessions, tokens and terminals end. */
  async givePassword(ctx: Context, person: Subject, scrypt: string): Promise<void> {
    await this.setPassword(ctx, person, { scrypt, mustChange: false });
    await this.stores.tokens.removeOf(ctx, person.name);
    await this.objects.noteRevoked(ctx, person.name, (status) => void delete status.mustChangePassword);
    ctx.logger.info('a password was given', { user: person.name });
  }

  /**
   * The one somebody chose, who has shown that of the account. All their sessions end, also the one it is done with; tokens do not.
   * Answers its hash. Rejects with Unauthorized where the password is another one by now: one that was reset meanwhile stays.
   */
  async changePassword(ctx: Context, account: Account, password: string, address: string): Promise<string> {
    const person = { name: account.name, uid: account.uid ?? '' };
    checkNewPassword(password, person.name, 'newPassword');
    const scrypt = await this.passwords.hash(ctx, address, password);
    if (!(await this.stores.accounts.changePassword(ctx, account, scrypt))) throw wrongPassword();
    await this.endWhatItGave(ctx, person);
    await this.objects.noteRevoked(ctx, person.name, (status) => void delete status.mustChangePassword);
    ctx.logger.info('a password was changed', { user: person.name });
    return scrypt;
  }

  /** The first password of a new User. */
  async startAccount(ctx: Context, person: Subject, scrypt: string): Promise<void> {
    await this.setPassword(ctx, person, { scrypt, mustChange: false });
  }

  /** The account of a User, which there is once they can sign in by some means. */
  async ensureAccount(ctx: Context, { name, uid }: Subject): Promise<Account> {
    const known = await this.stores.accounts.find(ctx, name);
    if (known?.uid === uid) return known;
    // Of a User that is gone; or of an older release, and then signing in makes it this one's.
    if (known && known.uid === undefined) throw newConflict(NOBODY, name, 'sign in once with the password first');
    if (known) await this.stores.accounts.remove(ctx, name, known.uid);
    const account = { name, uid, groups: [], scrypt: '' };
    await this.stores.accounts.save(ctx, account);
    return account;
  }

  async sessions(ctx: Context, name: string, current?: string): Promise<ShownSession[]> {
    const all = await this.stores.sessions.list(ctx, name);
    return all.map((session) => ({
      id: sessionId(session),
      created: formatTime(session.createdAt),
      lastSeen: formatTime(session.lastSeen),
      expiresAt: formatTime(session.expiresAt),
      address: session.address ?? '',
      userAgent: session.userAgent ?? '',
      current: sessionId(session) === current,
    }));
  }

  /**
   * The one of that id; or all but one, and what was said yes to and no terminal has come for yet. Rejects with NotFound where there
   * is none of that id.
   */
  async endSessions(
    ctx: Context,
    person: Subject,
    which: { readonly id?: string; readonly except?: string },
  ): Promise<number> {
    const { name } = person;
    if (which.id === undefined) await this.stores.other.terminals.removeOf(ctx, keyOf(person));
    const all = await this.stores.sessions.list(ctx, name);
    const chosen = all.filter((session) => {
      const id = sessionId(session);
      return which.id === undefined ? id !== which.except : id === which.id;
    });
    if (which.id !== undefined && chosen.length === 0) throw newNotFound({ group: '', resource: 'sessions' }, which.id);
    for (const { idHash } of chosen) await this.stores.sessions.remove(ctx, idHash);
    if (chosen.length > 0) await this.objects.noteRevoked(ctx, name);
    ctx.logger.info('sessions were ended', { user: name, ended: chosen.length });
    return chosen.length;
  }

  /** A session has ended that is not listed any more. */
  async noteEnded(ctx: Context, name: string): Promise<void> {
    await ignoreNotFound(this.objects.noteRevoked(ctx, name));
  }

  async tokens(ctx: Context, name: string): Promise<ShownToken[]> {
    return (await this.stores.tokens.list(ctx, name)).map(shownToken);
  }

  /** Whether a session or token of somebody is there still: a request may have begun long before it is all here. */
  async holds(ctx: Context, name: string, { kind, id }: Pick<PersonalCredential, 'kind' | 'id'>): Promise<boolean> {
    if (kind === 'token') return (await this.stores.tokens.list(ctx, name)).some((token) => token.id === id);
    return (await this.stores.sessions.list(ctx, name)).some((session) => sessionId(session) === id);
  }

  /**
   * A token that somebody makes by a credential of theirs. Whoever takes all away ends credentials first and then tokens, so that
   * of one that is made at the same time nothing is left. Rejects with Unauthorized where the credential has ended.
   */
  async createOwnToken(ctx: Context, person: Subject, by: PersonalCredential, asked: NewToken) {
    const made = await this.createToken(ctx, person, asked);
    if (await this.holds(ctx, person.name, by)) return made;
    await ignoreNotFound(this.revokeTokens(ctx, person.name, made.id));
    throw newUnauthorized('Unauthorized');
  }

  /** Answers the token itself, which nobody can be shown again. */
  async createToken(ctx: Context, person: Subject, asked: NewToken): Promise<ShownToken & { readonly token: string }> {
    const now = ctx.clock.now();
    const errors = faultsOf(asked, now);
    if (errors.length > 0) throw refused('Token', asked.name.slice(0, LONGEST_TOKEN_NAME), errors);
    await this.ensureAccount(ctx, person);
    const token = newPersonalToken();
    const { name, expiresAt, scope } = asked;
    const kept: Token = {
      ...{ id: newTokenId(), hash: hashOfSecret(token), account: person.name, name, createdAt: now, expiresAt },
      ...{ clusters: [...new Set(scope.clusters)], readOnly: scope.readOnly },
    };
    if (!(await this.stores.tokens.create(ctx, kept, MOST_TOKENS)))
      throw newForbidden(
        { group: '', resource: 'tokens' },
        '',
        `there are ${MOST_TOKENS} tokens already; revoke those that are not used`,
      );
    ctx.logger.info('a token was made', { user: person.name, token: kept.id });
    return { ...shownToken(kept), token };
  }

  /** All, or the one of that id. Rejects with NotFound where there is none of that id. */
  async revokeTokens(ctx: Context, name: string, id?: string): Promise<number> {
    const revoked = await this.stores.tokens.removeOf(ctx, name, id);
    if (id !== undefined && revoked === 0) throw newNotFound({ group: '', resource: 'tokens' }, id);
    if (revoked > 0) await this.objects.noteRevoked(ctx, name);
    ctx.logger.info('tokens were revoked', { user: name, revoked });
    return revoked;
  }

  /** Sessions go after it is written: whoever signs in meanwhile with the old one looks again. */
  private async setPassword(
    ctx: Context,
    person: Subject,
    password: { readonly scrypt: string; readonly mustChange: boolean },
  ): Promise<void> {
    const account = await this.ensureAccount(ctx, person);
    await this.stores.accounts.save(ctx, { ...account, ...password });
    await this.endWhatItGave(ctx, person);
  }

  /** First what a session could come of. */
  private async endWhatItGave(ctx: Context, person: Subject): Promise<void> {
    await this.stores.other.terminals.removeOf(ctx, keyOf(person));
    await this.stores.sessions.removeOf(ctx, person.name);
  }
}
