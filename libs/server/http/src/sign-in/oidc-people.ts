import { USERS, validateInviteeName } from '@binnacle/apis-iam';
import { isAlreadyExists, isInvalid } from '@binnacle/machinery-meta';
import type { ComposedPeople } from '@binnacle/server-people';
import type { NewPerson, People } from '@binnacle/server-sign-in';
import type { AccountStore } from '@binnacle/server-storage';

type Parts = Pick<ComposedPeople, 'people' | 'objects' | 'credentials'>;
type Accounts = Pick<AccountStore, 'find'>;

function specOf({ displayName, email }: NewPerson): object {
  return { ...(displayName && { displayName }), ...(email && { email }) };
}

/** People as those whom providers know become them. */
export function oidcPeople({ people, objects, credentials }: Parts, accounts: Accounts): People {
  return {
    mayEnter: async (ctx, { account, uid }) => (await people.find(ctx, account))?.uid === uid,
    create: async (ctx, person) => {
      if (validateInviteeName(person.name).length > 0) return undefined;
      // Somebody may have an account that is no User yet.
      if (await accounts.find(ctx, person.name)) return undefined;
      try {
        const { metadata } = await objects.create(ctx, USERS, person.name, specOf(person));
        const key = { account: person.name, uid: metadata.uid ?? '' };
        await credentials.ensureAccount(ctx, { name: key.account, uid: key.uid });
        ctx.logger.info('a provider made a User', { user: person.name });
        return key;
      } catch (error) {
        if (isAlreadyExists(error) || isInvalid(error)) return undefined;
        throw error;
      }
    },
  };
}
