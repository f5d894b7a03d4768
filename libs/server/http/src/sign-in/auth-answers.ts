import { newBadRequest, newMethodNotSupported } from '@binnacle/machinery-meta';
import type { SessionCookies, SignIn } from '@binnacle/server-auth';
import { shownSelf } from '@binnacle/server-people';
import { type AnswerHeaders, type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';
import { isSecure } from './request-origin.js';

/** Nothing of what is said here is for a cache, nor for a page that was linked to. */
const PRIVATE: AnswerHeaders = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

export const privateAnswer = (value: unknown, status = 200, headers: AnswerHeaders = {}): ApiAnswer =>
  jsonAnswer(value, status, { ...PRIVATE, ...headers });

/** That somebody has just signed in, with the cookies by which they are known from then on. */
export function signedInAnswer(request: ApiRequest, cookies: SessionCookies, signIn: SignIn, status = 200): ApiAnswer {
  const set = cookies.setBoth(signIn, { secure: isSecure(request) });
  return privateAnswer(shownSelf(signIn.user, signIn.displayName), status, { 'set-cookie': set });
}

export function requireMethod({ method }: ApiRequest, ...allowed: readonly string[]): void {
  if (!allowed.includes(method)) throw newMethodNotSupported({ group: '', resource: 'auth' }, method);
}

/** The members of a JSON object. */
export function readObject({ body }: Pick<ApiRequest, 'body'>): Readonly<Record<string, unknown>> {
  const text = (body ?? '').toString();
  if (text === '') return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // As what is no object.
  }
  throw newBadRequest('the body must be a JSON object');
}

/** @throws StatusError BadRequest where one of the members is no text. */
export function readTexts<const Name extends string>(
  request: Pick<ApiRequest, 'body'>,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> {
  const members = readObject(request);
  if (names.every((name) => typeof members[name] === 'string')) return members as Record<Name, string>;
  throw newBadRequest(`the body must be JSON with ${names.join(', ')}`);
}
