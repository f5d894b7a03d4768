import type { Context } from '@binnacle/machinery-context';
import { type Authorizer, type Installation, PersonalTokens, WebSessions } from '@binnacle/server-auth';
import type { Registry, ResourceHooks } from '@binnacle/server-registry';
import type { SignInStores } from '@binnacle/server-storage';
import { Credentials } from './accounts/credentials.js';
import { SignInMethods } from './accounts/sign-in-methods.js';
import { RegisteredPeople } from './accounts/registered-people.js';
import { OthersAffairs } from './affairs/others-affairs.js';
import { OwnAffairs } from './affairs/own-affairs.js';
import { PeopleDirectory, type PeopleSource } from './directory/people-directory.js';
import { ExpiringInvitations } from './invitations/expiring-invitations.js';
import { Invitations } from './invitations/invitations.js';
import { PeopleObjects } from './objects/people-objects.js';
import { PeopleRestriction } from './rules/people-restriction.js';
import { PeopleHooks } from './rules/user-hooks.js';

/** What a server needs to know people. */
export interface PeopleParts {
  readonly storage: PeopleSource;
  /** Asked when something is done, not before. */
  readonly registry: () => Registry;
  readonly authorizer: Authorizer;
  readonly stores: SignInStores;
  readonly installation: Installation;
}

/** People, and all that is done with what they sign in with. */
export interface ComposedPeople {
  readonly directory: PeopleDirectory;
  readonly people: RegisteredPeople;
  readonly objects: PeopleObjects;
  readonly sessions: WebSessions;
  readonly tokens: PersonalTokens;
  readonly credentials: Credentials;
  readonly methods: SignInMethods;
  readonly invitations: Invitations;
  /** What people do with what they sign in with, and what is done to others. */
  readonly own: OwnAffairs;
  readonly others: OthersAffairs;
  readonly restriction: PeopleRestriction;
  readonly hooks: Readonly<Record<string, ResourceHooks>>;
  /** Follows people until the context ends, and makes Users of the accounts of older releases. */
  start(ctx: Context): Promise<void>;
}

export function composePeople(ctx: Context, parts: PeopleParts): ComposedPeople {
  const { storage, authorizer, stores, installation } = parts;
  const directory = new PeopleDirectory(storage);
  const objects = new PeopleObjects({ of: (at) => parts.registry().of(at) });
  const people = new RegisteredPeople(directory, objects, stores);
  const sessions = new WebSessions(ctx, people, stores, installation);
  const methods = new SignInMethods(stores.other, objects);
  const credentials = new Credentials(stores, objects, sessions.passwords, methods);
  const invitations = new Invitations(stores, objects, credentials, sessions.passwords, installation);
  const restriction = new PeopleRestriction(storage, authorizer);
  return {
    directory,
    people,
    objects,
    sessions,
    tokens: new PersonalTokens(people, stores),
    credentials,
    methods,
    invitations,
    restriction,
    own: new OwnAffairs({ people, credentials, sessions, invitations }),
    others: new OthersAffairs({ objects, restriction, credentials, methods, invitations }),
    hooks: new PeopleHooks(objects, stores).byResource,
    start: async (at) => {
      directory.start(at);
      void new ExpiringInvitations(storage, objects).run(at);
      // Whoever signs in later is made a User then.
      await people.adoptAll(at).catch((error: unknown) => at.logger.warn('accounts are not looked at yet', { error }));
    },
  };
}
