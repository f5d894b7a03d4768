import type { UserInfo } from '@binnacle/server-auth';
import { WebhookFailure } from '@binnacle/server-egress';

/** What a webhook says of a token. */
export interface TokenStatus {
  /** Absent where the token is nobody's. */
  readonly user?: UserInfo;
  readonly audiences?: readonly string[];
  /** Why it is nobody's, where that is said. */
  readonly error?: string;
}

/** Groups, extras and values of one that a user has at most. */
const MOST = 10_000;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function wrong(what: string): never {
  throw new WebhookFailure(`the webhook answered with ${what} that cannot be read`);
}

function text(value: unknown, what: string): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : wrong(what);
}

function texts(value: unknown, what: string): string[] {
  if (value === undefined || value === null) return [];
  const isList = Array.isArray(value) && value.length <= MOST && value.every((one) => typeof one === 'string');
  return isList ? (value as string[]) : wrong(what);
}

function extraIn(value: unknown): Record<string, string[]> {
  if (value === undefined || value === null) return {};
  const entries = isObject(value) ? Object.entries(value) : wrong('extras');
  if (entries.length > MOST) wrong('extras');
  return Object.fromEntries(entries.map(([key, values]) => [key, texts(values, 'extras')]));
}

function userIn(value: unknown): UserInfo {
  const user = isObject(value) ? value : {};
  const name = text(user.username, 'a user');
  if (name === '') wrong('a user');
  const [uid, extra] = [text(user.uid, 'a uid'), extraIn(user.extra)];
  const more = { ...(uid && { uid }), ...(Object.keys(extra).length > 0 && { extra }) };
  return { name, groups: texts(user.groups, 'groups'), ...more };
}

/** Reads the status of a TokenReview. Throws WebhookFailure for what none can be. */
export function readTokenStatus({ status }: Json): TokenStatus {
  const said = isObject(status) ? status : {};
  const error = text(said.error, 'an error');
  if (said.authenticated !== true) return error ? { error } : {};
  return { user: userIn(said.user), audiences: texts(said.audiences, 'audiences') };
}
