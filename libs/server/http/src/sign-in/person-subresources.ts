import { INVITATIONS, USERS } from '@binnacle/apis-iam';
import { newBadRequest } from '@binnacle/machinery-meta';
import { type OthersAffairs, readNewToken } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import type { SubresourceServer } from '../verbs/subresource-handler.js';
import { privateAnswer, readObject } from './auth-answers.js';

type Serve = (others: OthersAffairs, request: ApiRequest, name: string) => Promise<ApiAnswer>;

const isRead = ({ info }: ApiRequest): boolean => info.verb === 'get';
/** Of the one that is meant, where not all are. */
const idOf = ({ query }: ApiRequest): string | undefined => query.get('id') || undefined;

const password: Serve = async (others, request, name) => {
  const { removeSignInMethods = false } = readObject(request);
  if (typeof removeSignInMethods !== 'boolean') throw newBadRequest('removeSignInMethods must be true or false');
  const how = { removesMethods: removeSignInMethods };
  return privateAnswer({ password: await others.resetPassword(request.ctx, name, how) }, 201);
};

const sessions: Serve = async (others, request, name) => {
  if (isRead(request)) return privateAnswer({ items: await others.sessions(request.ctx, name) });
  return privateAnswer({ ended: await others.endSessions(request.ctx, name, idOf(request)) });
};

const tokens: Serve = async (others, request, name) => {
  const { ctx, info } = request;
  if (isRead(request)) return privateAnswer({ items: await others.tokens(ctx, name) });
  if (info.verb !== 'create') return privateAnswer({ revoked: await others.revokeTokens(ctx, name, idOf(request)) });
  const asked = readNewToken(readObject(request), ctx.clock.now());
  return privateAnswer(await others.createToken(ctx, name, asked), 201);
};

const passkeys: Serve = async (others, request, name) => {
  if (isRead(request)) return privateAnswer({ items: await others.passkeys(request.ctx, name) });
  return privateAnswer({ removed: await others.removePasskeys(request.ctx, name, idOf(request)) });
};

const identities: Serve = async (others, request, name) => {
  if (isRead(request)) return privateAnswer({ items: await others.identities(request.ctx, name) });
  return privateAnswer({ removed: await others.removeIdentities(request.ctx, name, idOf(request)) });
};

const link: Serve = async (others, request, name) => {
  readObject(request);
  return privateAnswer(await others.newLink(request.ctx, name), 201);
};

/** What is done to others with what they sign in with, each a right of its own. */
export function personSubresources(others: OthersAffairs): SubresourceServer[] {
  const of = ({ group, plural }: typeof USERS, subresource: string, serve: Serve): SubresourceServer => ({
    ...{ group, resource: plural, subresource },
    serve: (request, _store, place) => serve(others, request, place.name),
  });
  return [
    of(USERS, 'password', password),
    of(USERS, 'sessions', sessions),
    of(USERS, 'tokens', tokens),
    of(USERS, 'passkeys', passkeys),
    of(USERS, 'identities', identities),
    of(INVITATIONS, 'link', link),
  ];
}
