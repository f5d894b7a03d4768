import type { Context } from '@binnacle/machinery-context';
import { formatTime, newNotFound } from '@binnacle/machinery-meta';
import type { LinkedIdentity, OtherSignInStores, Passkey, PersonKey } from '@binnacle/server-storage';
import type { PeopleObjects } from '../objects/people-objects.js';

/** A passkey as it is shown. */
export interface ShownPasskey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt?: string;
  /** Whether it is kept in more than one place. */
  readonly backedUp: boolean;
  /** It may have been copied, and signs nobody in any more. */
  readonly suspect: boolean;
  readonly host: string;
}

/** Who somebody is to a provider, as it is shown. */
export interface ShownIdentity {
  readonly id: string;
  /** Name of the IdentityProvider. */
  readonly provider: string;
  readonly email?: string;
  readonly linkedAt: string;
  readonly lastUsedAt?: string;
}

export const shownPasskey = (passkey: Passkey): ShownPasskey => ({
  id: passkey.id,
  name: passkey.name,
  createdAt: formatTime(passkey.createdAt),
  ...(passkey.lastUsedAt !== undefined && { lastUsedAt: formatTime(passkey.lastUsedAt) }),
  backedUp: passkey.backedUp,
  suspect: passkey.suspect,
  host: passkey.relyingParty,
});

const shownIdentity = ({ id, provider, email, linkedAt, lastUsedAt }: LinkedIdentity): ShownIdentity => ({
  id,
  provider,
  ...(email !== undefined && { email }),
  linkedAt: formatTime(linkedAt),
  ...(lastUsedAt !== undefined && { lastUsedAt: formatTime(lastUsedAt) }),
});

/** What somebody signs in with beside a password, and what their User says of it. All reject with a StatusError. */
export class SignInMethods {
  constructor(
    private readonly stores: Pick<OtherSignInStores, 'passkeys' | 'identities'>,
    private readonly objects: Pick<PeopleObjects, 'note'>,
  ) {}

  async passkeys(ctx: Context, person: PersonKey): Promise<ShownPasskey[]> {
    return (await this.stores.passkeys.listOf(ctx, person)).map(shownPasskey);
  }

  async identities(ctx: Context, person: PersonKey): Promise<ShownIdentity[]> {
    return (await this.stores.identities.listOf(ctx, person)).map(shownIdentity);
  }

  /** All, or the one of that id. Rejects with NotFound where there is none of that id. */
  async removePasskeys(ctx: Context, person: PersonKey, id?: string): Promise<number> {
    const removed = await this.stores.passkeys.removeOf(ctx, person, id);
    if (id !== undefined && removed === 0) throw newNotFound({ group: '', resource: 'passkeys' }, id);
    if (removed > 0) await this.notePasskeys(ctx, person);
    ctx.logger.info('passkeys were removed', { user: person.account, removed });
    return removed;
  }

  /** The same of who they are to providers. */
  async removeIdentities(ctx: Context, person: PersonKey, id?: string): Promise<number> {
    const removed = await this.stores.identities.removeOf(ctx, person, id);
    if (id !== undefined && removed === 0) throw newNotFound({ group: '', resource: 'identities' }, id);
    if (removed > 0) await this.noteIdentities(ctx, person);
    ctx.logger.info('identities were removed', { user: person.account, removed });
    return removed;
  }

  /** Says of a User how many passkeys there are. Nothing is decided by it. */
  async notePasskeys(ctx: Context, person: PersonKey): Promise<void> {
    const { length: passkeys } = await this.stores.passkeys.listOf(ctx, person);
    await this.note(ctx, person, { passkeys });
  }

  /** Says of a User who they are to providers. Nothing is decided by it. */
  async noteIdentities(ctx: Context, person: PersonKey): Promise<void> {
    const all = await this.stores.identities.listOf(ctx, person);
    await this.note(ctx, person, { identities: all.map(({ provider, subject }) => `${provider}:${subject}`) });
  }

  private async note(ctx: Context, { account: user }: PersonKey, status: object): Promise<void> {
    await this.objects
      .note(ctx, user, (known) => void Object.assign(known, status))
      .catch((error: unknown) => ctx.logger.warn('how somebody signs in is not noted', { user, error }));
  }
}
