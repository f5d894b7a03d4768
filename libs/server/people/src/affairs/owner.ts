import { newForbidden, newUnauthorized, StatusError } from '@binnacle/machinery-meta';
import type { Person, PersonalCredential } from '@binnacle/server-auth';
import type { CallerContext } from '@binnacle/server-registry';
import type { PersonKey } from '@binnacle/server-storage';
import type { Credentials } from '../accounts/credentials.js';
import type { RegisteredPeople } from '../accounts/registered-people.js';

/** What changes how somebody signs in is for who has just shown that they are it. */
const RECENT_MILLISECONDS = 10 * 60_000;

/** Whoever knows who there is, and by what they sign in. */
export interface OwnerParts {
  readonly people: Pick<RegisteredPeople, 'find'>;
  readonly credentials: Pick<Credentials, 'holds'>;
}

/** Whose own affairs something is about. */
export interface Owner {
  readonly person: Person;
  readonly credential: PersonalCredential;
}

/** Somebody who sits before a browser in which they have signed in. */
export interface BrowserOwner extends Owner {
  readonly key: PersonKey;
}

export const forbiddenHere = (why: string): StatusError => newForbidden({ group: '', resource: '' }, '', why);
const nobodyIsSignedIn = () => newUnauthorized('nobody is signed in');

function signInAgain(): StatusError {
  const message = 'sign in again: this is for who has done so within ten minutes';
  return new StatusError(403, 'Forbidden', message, { causes: [{ reason: 'SignInAgain', message }] });
}

/** @throws StatusError Unauthorized for nobody in particular */
export function requireSomebody({ user }: Pick<CallerContext, 'user'>): void {
  if (user.groups.includes('system:unauthenticated')) throw nobodyIsSignedIn();
}

/** Not whoever is impersonated, nor somebody whose credential is for something else. Rejects with Unauthorized or Forbidden. */
export async function ownerOf(ctx: CallerContext, { people }: Pick<OwnerParts, 'people'>): Promise<Owner> {
  requireSomebody(ctx);
  const { name, credential, scope } = ctx.user;
  if (!credential)
    throw forbiddenHere('only people have sessions and tokens, and only in a session or with a token of theirs');
  if (scope)
    throw forbiddenHere(scope.passwordOnly ? 'the password must be changed first' : 'the token is for less than this');
  const person = await people.find(ctx, name);
  if (!person) throw nobodyIsSignedIn();
  return { person, credential };
}

/**
 * Whose browser a request is made by: not by a token, nor a terminal, nor by somebody who acts as another. Rejects with Unauthorized
 * or Forbidden.
 */
export async function browserOwner(ctx: CallerContext, { people, credentials }: OwnerParts): Promise<BrowserOwner> {
  requireSomebody(ctx);
  const { name, credential, scope } = ctx.user;
  if (credential?.kind !== 'session' || credential.signedInAt === undefined)
    throw forbiddenHere('this is for people, in a session of theirs in a browser');
  if (scope) throw forbiddenHere('the password must be changed first');
  const person = await people.find(ctx, name);
  // The session may have ended while the request was read.
  const isIn = person?.uid === ctx.user.uid && (await credentials.holds(ctx, name, credential));
  if (!person || !isIn) throw nobodyIsSignedIn();
  return { person, key: { account: name, uid: person.uid }, credential };
}

/** The same for who has signed in within ten minutes. Rejects with Forbidden and the cause `SignInAgain`. */
export async function recentOwner(ctx: CallerContext, parts: OwnerParts): Promise<BrowserOwner> {
  const owner = await browserOwner(ctx, parts);
  const since = ctx.clock.now() - (owner.credential.signedInAt ?? 0);
  if (since > RECENT_MILLISECONDS) throw signInAgain();
  return owner;
}
