import { formatTime, newUnauthorized } from '@binnacle/machinery-meta';
import type { SignIn, SignInRequest, UserInfo, WebSessions } from '@binnacle/server-auth';
import type { CallerContext } from '@binnacle/server-registry';
import type { Acceptance, Invitations } from '../invitations/invitations.js';
import { checkNewPassword, type Credentials, type NewToken, type ShownSession } from '../accounts/credentials.js';
import { forbiddenHere, type Owner, ownerOf, type OwnerParts, requireSomebody } from './owner.js';

/** Who is signed in, as they are told. */
export interface ShownSelf {
  readonly user: string;
  readonly groups: readonly string[];
  readonly displayName: string;
  readonly mustChangePassword: boolean;
  /** Absent for a certificate. */
  readonly expiresAt?: string;
}

export function shownSelf({ name, groups, scope, credential }: UserInfo, displayName: string): ShownSelf {
  return {
    user: name,
    groups,
    displayName,
    mustChangePassword: scope?.passwordOnly ?? false,
    ...(credential && { expiresAt: formatTime(credential.expiresAt) }),
  };
}

export interface NewPassword {
  /** The one that holds still. */
  readonly password: string;
  readonly newPassword: string;
}

export interface OwnAffairsParts extends OwnerParts {
  readonly credentials: Credentials;
  readonly sessions: WebSessions;
  readonly invitations: Invitations;
}

/** What people see and end of their own, by whatever protocol they ask. All reject with a StatusError. */
export class OwnAffairs {
  constructor(private readonly parts: OwnAffairsParts) {}

  async self(ctx: CallerContext): Promise<ShownSelf> {
    requireSomebody(ctx);
    const { user } = ctx;
    const person = user.credential && (await this.parts.people.find(ctx, user.name));
    return shownSelf(user, person?.displayName ?? '');
  }

  /** Rejects with Forbidden for whoever is impersonated, and for a token that is narrowed. */
  owner(ctx: CallerContext): Promise<Owner> {
    return ownerOf(ctx, this.parts);
  }

  async sessions(ctx: CallerContext): Promise<ShownSession[]> {
    const { person, credential } = await this.owner(ctx);
    const own = credential.kind === 'session' ? credential.id : undefined;
    return this.parts.credentials.sessions(ctx, person.name, own);
  }

  /** The one of that id, or all but the one it is asked in. */
  async endSessions(ctx: CallerContext, id?: string): Promise<number> {
    const { person, credential } = await this.owner(ctx);
    const except = credential.kind === 'session' ? { except: credential.id } : {};
    return this.parts.credentials.endSessions(ctx, person, id === undefined ? except : { id });
  }

  async tokens(ctx: CallerContext) {
    const { person } = await this.owner(ctx);
    return this.parts.credentials.tokens(ctx, person.name);
  }

  async createToken(ctx: CallerContext, asked: NewToken) {
    const { person, credential } = await this.owner(ctx);
    if (credential.kind === 'token' && asked.expiresAt > credential.expiresAt)
      throw forbiddenHere('a token makes no token that ends later than itself');
    return this.parts.credentials.createOwnToken(ctx, person, credential, asked);
  }

  /** All, or the one of that id. */
  async revokeTokens(ctx: CallerContext, id?: string): Promise<number> {
    const { person } = await this.owner(ctx);
    return this.parts.credentials.revokeTokens(ctx, person.name, id);
  }

  /**
   * Also of a session that is good for nothing else. The password is asked for again, and guesses at it are counted. Answers the
   * session that goes on.
   */
  async changePassword(
    ctx: CallerContext,
    from: SignInRequest,
    { password, newPassword }: NewPassword,
  ): Promise<SignIn> {
    requireSomebody(ctx);
    const { name, credential } = ctx.user;
    if (credential?.kind !== 'session')
      throw forbiddenHere('a password is changed by whose it is, in a session of theirs');
    const { sessions, people, credentials } = this.parts;
    const device = sessions.cookies.deviceOf(from.headers, name);
    const account = await sessions.passwords.verify(ctx, { address: from.address, device }, { user: name, password });
    checkNewPassword(newPassword, name, 'newPassword');
    const person = await people.find(ctx, name);
    if (!person || person.uid !== account.uid) throw newUnauthorized('nobody is signed in');
    const scrypt = await credentials.changePassword(ctx, account, newPassword, from.address);
    const begun = await sessions.beginWithPassword(ctx, from, person, scrypt);
    if (!begun) throw newUnauthorized('the password has been changed again');
    return begun;
  }

  /** Whoever has the secret becomes somebody, who is signed in. */
  async acceptInvitation(ctx: CallerContext, from: SignInRequest, asked: Omit<Acceptance, 'address'>): Promise<SignIn> {
    const { invitations, people, sessions } = this.parts;
    const { name } = await invitations.accept(ctx, { ...asked, address: from.address });
    const person = await people.find(ctx, name);
    if (!person) throw newUnauthorized('the User is not there any more');
    return sessions.begin(ctx, from, person);
  }
}
