import type { OpenSession } from './account.js';
import { call } from './http.js';
import { type ApiTarget, apiPath } from './paths.js';
import type { UnstructuredObject } from './resources.js';

/** People and teams are kinds of this cluster alone. */
export const PEOPLE_CLUSTER = 'root';
export const IAM = { group: 'iam.binnacle.dev', version: 'v1' } as const;

const target = (resource: string, name: string, subresource: string) =>
  apiPath({ cluster: PEOPLE_CLUSTER, ...IAM, resource, name, subresource });
const sessionsOf = (user: string): string => target('users', user, 'sessions');

/** Makes a password up, which must be changed at the next sign-in; told once. */
export const resetPassword = (user: string): Promise<{ readonly password: string }> =>
  call(target('users', user, 'password'), { method: 'POST', body: {} });

export const fetchSessionsOf = async (user: string, signal?: AbortSignal): Promise<readonly OpenSession[]> =>
  (await call<{ readonly items: readonly OpenSession[] }>(sessionsOf(user), signal ? { signal } : {})).items;

export const endSessionsOf = (user: string): Promise<unknown> => call(sessionsOf(user), { method: 'DELETE' });

/** Makes a new link, told once; the one before is worth nothing. `path` is of this dashboard. */
export const makeInvitationLink = (
  name: string,
): Promise<{ readonly secret: string; readonly path: string; readonly expiresAt: string }> =>
  call(target('invitations', name, 'link'), { method: 'POST', body: {} });

const collection = (resource: string) =>
  apiPath({ cluster: PEOPLE_CLUSTER, ...IAM, resource }, { fieldManager: 'binnacle-web' });
const made = (kind: string, metadata: object, spec: object) => ({
  method: 'POST',
  body: { apiVersion: `${IAM.group}/${IAM.version}`, kind, metadata, spec },
});

export interface InvitationWish {
  readonly displayName?: string;
  readonly email?: string;
  readonly teams: readonly string[];
}

/** The server names it. */
export const createInvitation = (spec: InvitationWish): Promise<UnstructuredObject> =>
  call(collection('invitations'), made('Invitation', { generateName: 'invitation-' }, spec));

export const createTeam = (name: string): Promise<UnstructuredObject> =>
  call(collection('teams'), made('Team', { name }, {}));

/** Who is disabled cannot sign in; sessions and tokens end. */
export const setDisabled = (person: ApiTarget, disabled: boolean): Promise<unknown> =>
  call(apiPath(person, { fieldManager: 'binnacle-web' }), {
    method: 'PATCH',
    body: { spec: { disabled } },
    contentType: 'application/merge-patch+json',
  });
