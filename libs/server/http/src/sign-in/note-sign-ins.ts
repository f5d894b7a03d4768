import type { Context } from '@binnacle/machinery-context';
import type { PersonKey } from '@binnacle/server-storage';
import type { OtherSignInParts } from './other-sign-in-parts.js';

type Parts = Pick<OtherSignInParts, 'people' | 'stores'>;

const notNoted = (ctx: Context, user: string) => (error: unknown) =>
  ctx.logger.warn('how somebody signs in is not noted', { user, error });

/** Says of a User who they are to providers. Nothing is decided by it. */
export async function noteIdentities(ctx: Context, { people, stores }: Parts, person: PersonKey): Promise<void> {
  const all = await stores.identities.listOf(ctx, person);
  const identities = all.map(({ provider, subject }) => `${provider}:${subject}`);
  await people.objects
    .note(ctx, person.account, (status) => void Object.assign(status, { identities }))
    .catch(notNoted(ctx, person.account));
}

/** Says of a User how many passkeys there are. */
export async function notePasskeys(ctx: Context, { people, stores }: Parts, person: PersonKey): Promise<void> {
  const { length: passkeys } = await stores.passkeys.listOf(ctx, person);
  await people.objects
    .note(ctx, person.account, (status) => void Object.assign(status, { passkeys }))
    .catch(notNoted(ctx, person.account));
}
