import { randomUUID } from 'node:crypto';
import type { Context } from '@binnacle/machinery-context';
import type { IdentityStore, LinkedIdentity, PersonKey } from '@binnacle/server-storage';
import { checkDomain, type OidcIdentity } from './identity.js';
import type { IdentityProvider } from './identity-provider.js';
import { OidcRefusal } from './refusal.js';

/** What somebody who comes for the first time is made of. */
export interface NewPerson {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
}

/** The people of this installation. */
export interface People {
  /** Whether it is somebody, and the same somebody, who may sign in now. */
  mayEnter(ctx: Context, person: PersonKey): Promise<boolean>;
  /** A User of that name and details; undefined where there is one already or nobody may be called so. */
  create(ctx: Context, person: NewPerson): Promise<PersonKey | undefined>;
}

/** Finds out who somebody is here whom a provider knows: by issuer and subject alone, since names and addresses change hands. */
export class OidcPeople {
  constructor(
    private readonly identities: IdentityStore,
    private readonly people: People,
  ) {}

  /** Rejects with OidcRefusal. */
  async signIn(ctx: Context, provider: IdentityProvider, identity: OidcIdentity): Promise<PersonKey> {
    checkDomain(provider, identity);
    const { issuer, subject, email } = identity;
    const known = await this.identities.find(ctx, issuer, subject);
    const person = known && (await this.owner(ctx, known));
    if (!known || !person) return this.firstSignIn(ctx, provider, identity);
    await this.identities.markUsed(ctx, known.id, email);
    return person;
  }

  /** For somebody who is signed in. Rejects with OidcRefusal where it is somebody else's. */
  async link(ctx: Context, provider: IdentityProvider, identity: OidcIdentity, person: PersonKey): Promise<void> {
    checkDomain(provider, identity);
    if (!(await this.people.mayEnter(ctx, person))) throw new OidcRefusal('disabled', 'who linked it may not sign in');
    const known = await this.identities.find(ctx, identity.issuer, identity.subject);
    if (known && isSame(known, person)) return;
    if (known && (await this.people.mayEnter(ctx, known)))
      throw new OidcRefusal('taken', 'the identity is somebody else’s here');
    if (!(await this.add(ctx, provider, identity, person)))
      throw new OidcRefusal('taken', 'the identity is somebody else’s here');
  }

  /** Undefined for who is gone: what a namesake had before is nobody's. */
  private async owner(ctx: Context, known: LinkedIdentity): Promise<PersonKey | undefined> {
    const { account, uid } = known;
    if (await this.people.mayEnter(ctx, { account, uid })) return { account, uid };
    throw new OidcRefusal('disabled', 'whose identity it is may not sign in');
  }

  private async firstSignIn(ctx: Context, provider: IdentityProvider, identity: OidcIdentity): Promise<PersonKey> {
    if (!provider.createUsers) throw new OidcRefusal('unknown', 'nobody here has that identity');
    const { email, emailVerified, displayName } = identity;
    const name = nameOf(provider, identity);
    const person = await this.people.create(ctx, { name, displayName, ...(emailVerified && { email }) });
    if (!person) throw new OidcRefusal('taken', `nobody can be made of the name ${JSON.stringify(name)}`);
    if (await this.add(ctx, provider, identity, person)) return person;
    throw new OidcRefusal('taken', 'the identity became somebody else’s meanwhile');
  }

  private add(ctx: Context, { name }: IdentityProvider, { issuer, subject, email }: OidcIdentity, person: PersonKey) {
    const { account, uid } = person;
    const linkedAt = ctx.clock.now();
    return this.identities.add(ctx, {
      id: randomUUID(),
      issuer,
      subject,
      email,
      provider: name,
      account,
      uid,
      linkedAt,
    });
  }
}

const isSame = (a: PersonKey, b: PersonKey): boolean => a.account === b.account && a.uid === b.uid;

/** @throws OidcRefusal where the provider does not say what somebody is to be called */
function nameOf({ usernameClaim }: IdentityProvider, { username, emailVerified }: OidcIdentity): string {
  const isClaimed = usernameClaim === 'email' && !emailVerified;
  if (!username || isClaimed) throw new OidcRefusal('unknown', 'the provider gives no name for a new person');
  return username.toLowerCase();
}
