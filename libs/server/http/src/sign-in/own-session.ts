import { newForbidden, newUnauthorized, StatusError } from '@binnacle/machinery-meta';
import type { Person, PersonalCredential } from '@binnacle/server-auth';
import type { ComposedPeople } from '@binnacle/server-people';
import type { PersonKey } from '@binnacle/server-storage';
import type { ApiRequest } from '../request/api-request.js';
import { requireSomebody } from './auth-answers.js';

/** What changes how somebody signs in is for who has just shown that they are it. */
const RECENT_MILLISECONDS = 10 * 60_000;

/** Somebody who sits before a browser in which they have signed in. */
export interface BrowserOwner {
  readonly person: Person;
  readonly key: PersonKey;
  readonly credential: PersonalCredential;
}

/** Whoever knows who there is, and by what they sign in. */
type Parts = Pick<ComposedPeople, 'people' | 'credentials'>;

const forbidden = (why: string) => newForbidden({ group: '', resource: '' }, '', why);

function signInAgain(): StatusError {
  const message = 'sign in again: this is for who has done so within ten minutes';
  return new StatusError(403, 'Forbidden', message, { causes: [{ reason: 'SignInAgain', message }] });
}

/**
 * Whose browser a request is made by: not by a token, nor a terminal, nor by somebody who acts as another. Rejects with Unauthorized
 * or Forbidden.
 */
export async function browserOwner(request: ApiRequest, people: Parts): Promise<BrowserOwner> {
  requireSomebody(request);
  const { ctx } = request;
  const { name, credential, scope } = ctx.user;
  if (credential?.kind !== 'session' || credential.signedInAt === undefined)
    throw forbidden('this is for people, in a session of theirs in a browser');
  if (scope) throw forbidden('the password must be changed first');
  const person = await people.people.find(ctx, name);
  // The session may have ended while the request was read.
  const isIn = person?.uid === ctx.user.uid && (await people.credentials.holds(ctx, name, credential));
  if (!person || !isIn) throw newUnauthorized('nobody is signed in');
  return { person, key: { account: name, uid: person.uid }, credential };
}

/** The same for who has signed in within ten minutes. Rejects with Forbidden and the cause `SignInAgain`. */
export async function recentOwner(request: ApiRequest, people: Parts): Promise<BrowserOwner> {
  const owner = await browserOwner(request, people);
  const since = request.ctx.clock.now() - (owner.credential.signedInAt ?? 0);
  if (since > RECENT_MILLISECONDS) throw signInAgain();
  return owner;
}
