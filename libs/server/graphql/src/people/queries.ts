import type { ShownSelf } from '@binnacle/server-people';
import type { RequestContext } from '@binnacle/server-registry';
import { GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql';
import { costs } from '../cost/field-cost.js';
import { POINTS } from '../cost/limits.js';
import type { GraphqlRequest, Located, People } from '../request.js';
import { overUser, type PeopleFields, peopleOf } from './served.js';
import { IdentityType, listOf, OfferType, PasskeyType, selfFields, SessionType, TokenType } from './types.js';

/** Rows that the database finds for one person. */
const found = costs({ kind: 'relation', usual: 3, among: () => [], each: POINTS.search });
const read = costs({ kind: 'relation', usual: 1, among: () => [], each: POINTS.search });

const meType = new GraphQLObjectType<ShownSelf, GraphqlRequest>({
  name: 'Me',
  description: 'Who asks.',
  fields: {
    ...selfFields,
    sessions: {
      type: listOf(SessionType),
      extensions: found,
      resolve: (_, __, request) => {
        const { own, asPath } = peopleOf(request);
        return asPath(request.ctx, { path: '/auth/sessions', verb: 'get' }, () => own.sessions(request.ctx));
      },
    },
    tokens: {
      type: listOf(TokenType),
      extensions: found,
      resolve: (_, __, request) => {
        const { own, asPath } = peopleOf(request);
        return asPath(request.ctx, { path: '/auth/tokens', verb: 'get' }, () => own.tokens(request.ctx));
      },
    },
  },
});

export const peopleQueries: PeopleFields = {
  me: {
    type: new GraphQLNonNull(meType),
    description: 'Who asks, and by what they are signed in.',
    extensions: read,
    resolve: (_, __, request) => {
      const { own, asPath } = peopleOf(request);
      return asPath(request.ctx, { path: '/auth/session', verb: 'get' }, () => own.self(request.ctx));
    },
  },
  invitationOffer: {
    type: OfferType,
    description: 'What whoever has the secret of a link is invited to. It may be asked without being signed in.',
    args: { secret: { type: new GraphQLNonNull(GraphQLString) } },
    extensions: read,
    resolve: (_, { secret }: { secret: string }, request) => {
      const { invitations, asPath } = peopleOf(request);
      const look = () => invitations.look(request.ctx, secret);
      return asPath(request.ctx, { path: '/auth/invitations', verb: 'get' }, look);
    },
  },
};

const nameOf = ({ object }: Located): string => object.metadata.name ?? '';

type Others = People['others'];
type List<T> = (others: Others, ctx: RequestContext, name: string) => Promise<readonly T[]>;

/** What the database has of a User, for who has the right to see it. */
function ofUser<T>(type: GraphQLObjectType<T>, subresource: string, description: string, list: List<T>) {
  return {
    type: listOf(type),
    description,
    extensions: found,
    resolve: async (user: Located, _: unknown, request: GraphqlRequest) => {
      const { others } = peopleOf(request);
      const ctx = await overUser(request, { verb: 'get', subresource, name: nameOf(user) });
      return list(others, ctx, nameOf(user));
    },
  };
}

/** What a User has beside what its object says, each a right of its own. */
export const userFields: PeopleFields<Located> = {
  sessions: ofUser(SessionType, 'sessions', 'Where they are signed in.', (others, ctx, name) =>
    others.sessions(ctx, name),
  ),
  tokens: ofUser(TokenType, 'tokens', 'What their programs ask with.', (others, ctx, name) => others.tokens(ctx, name)),
  passkeys: ofUser(PasskeyType, 'passkeys', 'What they sign in with.', (others, ctx, name) =>
    others.passkeys(ctx, name),
  ),
  identities: ofUser(IdentityType, 'identities', 'Who they are to providers.', (others, ctx, name) =>
    others.identities(ctx, name),
  ),
};
