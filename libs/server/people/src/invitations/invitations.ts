import { type Invitation, INVITATIONS, USERS, validateInviteeName } from '@binnacle/apis-iam';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isAlreadyExists, newInvalid, newNotFound, parseTime } from '@binnacle/machinery-meta';
import { fieldPath, invalidEach } from '@binnacle/machinery-validation';
import { hashOfSecret, type Installation, type PasswordCheck } from '@binnacle/server-auth';
import type { InvitationLink, SignInStores } from '@binnacle/server-storage';
import { checkNewPassword, type Credentials } from '../accounts/credentials.js';
import type { PeopleObjects } from '../objects/people-objects.js';

/** For what an installation makes its secrets; those that it has not made are not looked for. */
const PURPOSE = 'invitation';

/** Who accepts an invitation, and how they will sign in. */
export interface Acceptance {
  readonly secret: string;
  readonly user: string;
  readonly displayName?: string;
  readonly password: string;
  /** Where it comes from, an IP address. */
  readonly address: string;
}

/** What somebody is invited to. */
export interface ShownInvitation {
  readonly displayName?: string;
  readonly email?: string;
  readonly teams: readonly string[];
  readonly expiresAt: string;
}

/** The same for all secrets that are worth nothing, so that nobody learns why. */
const worthless = () => newNotFound({ group: '', resource: 'invitations' }, '');

function isWaiting({ spec, status }: Invitation, now: number): boolean {
  return status?.phase !== 'Accepted' && (parseTime(spec?.expiresAt) ?? 0) > now;
}

/** Links of invitations, and who accepts them. All reject with a StatusError. */
export class Invitations {
  constructor(
    private readonly stores: Pick<SignInStores, 'links'>,
    private readonly objects: PeopleObjects,
    private readonly credentials: Credentials,
    private readonly passwords: Pick<PasswordCheck, 'hash'>,
    private readonly installation: Installation,
  ) {}

  /** A new secret, which nobody can be shown again; the one before is worth nothing. */
  async newLink(
    ctx: Context,
    invitation: Invitation,
  ): Promise<{ readonly secret: string; readonly expiresAt: string }> {
    const { metadata, spec, status } = invitation;
    const expiresAt = parseTime(spec?.expiresAt) ?? 0;
    if (status?.phase === 'Accepted' || expiresAt <= ctx.clock.now())
      throw newInvalid({ group: INVITATIONS.group, kind: INVITATIONS.kind }, metadata.name ?? '', [
        {
          type: 'FieldValueInvalid',
          field: 'status.phase',
          message: 'the invitation has been accepted or has expired',
        },
      ]);
    const secret = this.installation.newSecret(PURPOSE);
    const link = { hash: hashOfSecret(secret), uid: metadata.uid ?? '', name: metadata.name ?? '', expiresAt };
    await this.stores.links.save(ctx, link);
    ctx.logger.info('a link was made for an invitation', { invitation: link.name });
    return { secret, expiresAt: spec?.expiresAt ?? '' };
  }

  /** Rejects with NotFound for every secret that is worth nothing. */
  async look(ctx: Context, secret: string): Promise<ShownInvitation> {
    const link = this.installation.isOwn(PURPOSE, secret)
      ? await this.stores.links.find(ctx, hashOfSecret(secret))
      : undefined;
    const { spec = {} } = await this.pending(ctx, link);
    const { displayName, email, teams = [], expiresAt = '' } = spec;
    return { ...(displayName && { displayName }), ...(email && { email }), teams, expiresAt };
  }

  /**
   * Makes the User; answers its name and uid. The secret is good for one of those who come at once, and still is after a refusal.
   * Rejects with NotFound as `look`, with AlreadyExists for a name that is taken, with Invalid for a name or password that will not do.
   */
  async accept(ctx: Context, asked: Acceptance): Promise<{ readonly name: string; readonly uid: string }> {
    const { secret, user, password, address } = asked;
    await this.look(ctx, secret);
    const faults = invalidEach(fieldPath('user'), user.slice(0, 200), validateInviteeName(user));
    if (faults.length > 0) throw newInvalid({ group: USERS.group, kind: USERS.kind }, user.slice(0, 200), faults);
    checkNewPassword(password, user, 'password');
    const scrypt = await this.passwords.hash(ctx, address, password);
    const link = await this.stores.links.take(ctx, hashOfSecret(secret));
    const invitation = await this.pending(ctx, link);
    const uid = await this.makeUser(ctx, asked, invitation, link as InvitationLink);
    const made = { name: user, uid };
    await this.credentials.startAccount(ctx, made, scrypt);
    for (const team of invitation.spec?.teams ?? []) await this.objects.addMember(ctx, team, user);
    await this.settle(ctx, invitation, user);
    ctx.logger.info('an invitation was accepted', { invitation: invitation.metadata.name, user, address });
    return made;
  }

  private async makeUser(
    ctx: Context,
    asked: Acceptance,
    { spec = {} }: Invitation,
    link: InvitationLink,
  ): Promise<string> {
    const displayName = asked.displayName || spec.displayName;
    const { email } = spec;
    try {
      const spec = { ...(displayName && { displayName }), ...(email && { email }) };
      const { metadata } = await this.objects.create(ctx, USERS, asked.user, spec);
      return metadata.uid ?? '';
    } catch (error) {
      // Nothing has come of it: the link is as good as before, unless there is a newer one.
      await this.stores.links.save(ctx, link);
      if (isAlreadyExists(error)) ctx.logger.info('a name that is taken was asked for', { user: asked.user });
      throw error;
    }
  }

  private async settle(ctx: Context, { metadata }: Invitation, acceptedBy: string): Promise<void> {
    const own = this.objects.context(ctx);
    const accept = (invitation: Invitation) => {
      invitation.status = { phase: 'Accepted', acceptedBy };
    };
    await ignoreNotFound(this.objects.edit<Invitation>(own, INVITATIONS, metadata.name ?? '', accept, 'status'));
  }

  /** The invitation of a link, while it waits. */
  private async pending(ctx: Context, link: InvitationLink | undefined): Promise<Invitation> {
    const store = link && (await this.objects.invitations(ctx));
    const place = { namespace: '', name: link?.name ?? '' };
    const stored = await (store && ignoreNotFound(store.get(this.objects.context(ctx), place, { at: 'latest' })));
    const invitation = stored && (store?.decode(stored) as unknown as Invitation);
    if (!invitation || invitation.metadata.uid !== link?.uid || !isWaiting(invitation, ctx.clock.now()))
      throw worthless();
    return invitation;
  }
}
