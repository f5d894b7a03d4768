import { INVITATIONS, type Invitation, USERS } from '@binnacle/apis-iam';
import type { ComposedPeople } from '@binnacle/server-people';
import type { ObjectPlace, ResourceStore } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import type { ServeSubresource, SubresourceServer } from '../verbs/subresource-handler.js';
import { privateAnswer, readObject } from './auth-answers.js';
import { readNewToken } from './read-token.js';

type Parts = Pick<ComposedPeople, 'credentials' | 'invitations' | 'restriction'>;

/** Whom a request is about. */
interface Subject {
  readonly name: string;
  readonly uid: string;
}

/** Rejects with NotFound for who is not there, with Forbidden for an administrator and somebody who is none. */
async function subjectOf(
  { restriction }: Parts,
  { ctx }: ApiRequest,
  store: ResourceStore,
  place: ObjectPlace,
): Promise<Subject> {
  const { metadata } = store.decode(await store.get(ctx, place, { at: 'latest' }));
  await restriction.requireRightsOver(ctx, place.name);
  return { name: place.name, uid: metadata.uid ?? '' };
}

const isRead = ({ info }: ApiRequest): boolean => info.verb === 'get';

async function password(parts: Parts, request: ApiRequest, subject: Subject): Promise<ApiAnswer> {
  readObject(request);
  const made = await parts.credentials.resetPassword(request.ctx, subject, request.ctx.user.name);
  return privateAnswer({ password: made }, 201);
}

async function sessions({ credentials }: Parts, request: ApiRequest, { name }: Subject): Promise<ApiAnswer> {
  const { ctx, query } = request;
  if (isRead(request)) return privateAnswer({ items: await credentials.sessions(ctx, name) });
  const id = query.get('id');
  return privateAnswer({ ended: await credentials.endSessions(ctx, name, id ? { id } : {}) });
}

async function tokens({ credentials }: Parts, request: ApiRequest, subject: Subject): Promise<ApiAnswer> {
  const { ctx, query, info } = request;
  if (isRead(request)) return privateAnswer({ items: await credentials.tokens(ctx, subject.name) });
  if (info.verb === 'create')
    return privateAnswer(await credentials.createToken(ctx, subject, readNewToken(request)), 201);
  const id = query.get('id');
  return privateAnswer({ revoked: await credentials.revokeTokens(ctx, subject.name, id ?? undefined) });
}

/** Whoever makes a link can accept it themselves: so they must be able to invite into all of its teams. */
async function link(parts: Parts, request: ApiRequest, store: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
  const { ctx } = request;
  readObject(request);
  const invitation = store.decode(await store.get(ctx, place, { at: 'latest' })) as unknown as Invitation;
  await parts.restriction.requireTeams(ctx, place.name, invitation.spec?.teams ?? []);
  const made = await parts.invitations.newLink(ctx, invitation);
  return privateAnswer({ ...made, path: `/invitation#${made.secret}` }, 201);
}

/** What is done to others with what they sign in with, each a right of its own. */
export function personSubresources(parts: Parts): SubresourceServer[] {
  const ofUser = (
    subresource: string,
    serve: (parts: Parts, request: ApiRequest, subject: Subject) => Promise<ApiAnswer>,
  ) => {
    const served: ServeSubresource = async (request, store, place) =>
      serve(parts, request, await subjectOf(parts, request, store, place));
    return { group: USERS.group, resource: USERS.plural, subresource, serve: served };
  };
  return [
    ofUser('password', password),
    ofUser('sessions', sessions),
    ofUser('tokens', tokens),
    {
      ...{ group: INVITATIONS.group, resource: INVITATIONS.plural, subresource: 'link' },
      serve: (request, store, place) => link(parts, request, store, place),
    },
  ];
}
