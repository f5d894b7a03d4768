import { type Invitation, INVITATIONS, USERS } from '@binnacle/apis-iam';
import type { ResourceRef, UnstructuredObject } from '@binnacle/machinery-meta';
import type { RequestContext } from '@binnacle/server-registry';
import type { PersonKey } from '@binnacle/server-storage';
import type { Credentials, NewToken, PasswordReset, Subject } from '../accounts/credentials.js';
import type { ShownIdentity, ShownPasskey, SignInMethods } from '../accounts/sign-in-methods.js';
import type { Invitations } from '../invitations/invitations.js';
import type { PeopleObjects } from '../objects/people-objects.js';
import type { PeopleRestriction } from '../rules/people-restriction.js';

export interface OthersAffairsParts {
  readonly objects: PeopleObjects;
  readonly restriction: PeopleRestriction;
  readonly credentials: Credentials;
  readonly methods: SignInMethods;
  readonly invitations: Invitations;
}

/** A link that is shown once. */
export interface NewLink {
  readonly secret: string;
  /** Of the page, with the secret where no server sees it. */
  readonly path: string;
  readonly expiresAt: string;
}

/**
 * What is done to others with what they sign in with, by whatever protocol: each a right of its own, which the context holds. All
 * reject with NotFound for who is not there, with Forbidden for an administrator and somebody who is none.
 */
export class OthersAffairs {
  constructor(private readonly parts: OthersAffairsParts) {}

  /** Answers a password that was made up and must be changed. */
  async resetPassword(ctx: RequestContext, name: string, how: Omit<PasswordReset, 'by'> = {}): Promise<string> {
    return this.parts.credentials.resetPassword(ctx, await this.subject(ctx, name), { ...how, by: ctx.user.name });
  }

  async sessions(ctx: RequestContext, name: string) {
    await this.subject(ctx, name);
    return this.parts.credentials.sessions(ctx, name);
  }

  /** All, or the one of that id. */
  async endSessions(ctx: RequestContext, name: string, id?: string): Promise<number> {
    const subject = await this.subject(ctx, name);
    return this.parts.credentials.endSessions(ctx, subject, id === undefined ? {} : { id });
  }

  async tokens(ctx: RequestContext, name: string) {
    await this.subject(ctx, name);
    return this.parts.credentials.tokens(ctx, name);
  }

  async createToken(ctx: RequestContext, name: string, asked: NewToken) {
    return this.parts.credentials.createToken(ctx, await this.subject(ctx, name), asked);
  }

  /** All, or the one of that id. */
  async revokeTokens(ctx: RequestContext, name: string, id?: string): Promise<number> {
    await this.subject(ctx, name);
    return this.parts.credentials.revokeTokens(ctx, name, id);
  }

  async passkeys(ctx: RequestContext, name: string): Promise<ShownPasskey[]> {
    return this.parts.methods.passkeys(ctx, await this.key(ctx, name));
  }

  /** All, or the one of that id. */
  async removePasskeys(ctx: RequestContext, name: string, id?: string): Promise<number> {
    return this.parts.methods.removePasskeys(ctx, await this.key(ctx, name), id);
  }

  async identities(ctx: RequestContext, name: string): Promise<ShownIdentity[]> {
    return this.parts.methods.identities(ctx, await this.key(ctx, name));
  }

  /** All, or the one of that id. */
  async removeIdentities(ctx: RequestContext, name: string, id?: string): Promise<number> {
    return this.parts.methods.removeIdentities(ctx, await this.key(ctx, name), id);
  }

  /** Whoever makes a link can accept it themselves: so they must be able to invite into all of its teams. */
  async newLink(ctx: RequestContext, name: string): Promise<NewLink> {
    const invitation = (await this.read(ctx, INVITATIONS, name)) as unknown as Invitation;
    await this.parts.restriction.requireTeams(ctx, name, invitation.spec?.teams ?? []);
    const made = await this.parts.invitations.newLink(ctx, invitation);
    return { ...made, path: `/invitation#${made.secret}` };
  }

  private async key(ctx: RequestContext, name: string): Promise<PersonKey> {
    const { uid } = await this.subject(ctx, name);
    return { account: name, uid };
  }

  private async subject(ctx: RequestContext, name: string): Promise<Subject> {
    const { metadata } = await this.read(ctx, USERS, name);
    await this.parts.restriction.requireRightsOver(ctx, name);
    return { name, uid: metadata.uid ?? '' };
  }

  private async read(ctx: RequestContext, ref: ResourceRef, name: string): Promise<UnstructuredObject> {
    const store = await this.parts.objects.store(ctx, ref);
    return store.decode(await store.get(ctx, { namespace: '', name }, { at: 'latest' }));
  }
}
