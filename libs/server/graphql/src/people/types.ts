import type {
  ShownIdentity,
  ShownInvitation,
  ShownPasskey,
  ShownSelf,
  ShownSession,
  ShownToken,
} from '@binnacle/server-people';
import {
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
} from 'graphql';

const text = { type: GraphQLString };
const required = { type: new GraphQLNonNull(GraphQLString) };
const truth = { type: new GraphQLNonNull(GraphQLBoolean) };
const texts = { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))) };

/** None where it is refused, and the rest of the answer stands. */
export const listOf = (type: GraphQLOutputType) => new GraphQLList(new GraphQLNonNull(type));

export const SessionType = new GraphQLObjectType<ShownSession>({
  name: 'SignInSession',
  description: 'Somebody is signed in, in a browser or a terminal.',
  fields: {
    id: required,
    created: required,
    lastSeen: required,
    expiresAt: required,
    address: required,
    userAgent: required,
    current: { ...truth, description: 'Whether it is the one that asks.' },
  },
});

const tokenFields = {
  id: required,
  name: required,
  created: required,
  expiresAt: required,
  lastUsed: text,
  clusters: { ...texts, description: 'Logical clusters it is good for; all of them where there is none.' },
  readOnly: truth,
};

export const TokenType = new GraphQLObjectType<ShownToken>({
  name: 'PersonalToken',
  description: 'What a program asks with in somebody’s name.',
  fields: tokenFields,
});

export const PasskeyType = new GraphQLObjectType<ShownPasskey>({
  name: 'SignInPasskey',
  fields: {
    id: required,
    name: required,
    createdAt: required,
    lastUsedAt: text,
    backedUp: truth,
    suspect: { ...truth, description: 'It may have been copied, and signs nobody in any more.' },
    host: required,
  },
});

export const IdentityType = new GraphQLObjectType<ShownIdentity>({
  name: 'LinkedIdentity',
  description: 'Who somebody is to an IdentityProvider.',
  fields: { id: required, provider: required, email: text, linkedAt: required, lastUsedAt: text },
});

export const NewTokenType = new GraphQLObjectType<ShownToken & { readonly token: string }>({
  name: 'NewPersonalToken',
  description: 'A token as it is made.',
  fields: { ...tokenFields, token: { ...required, description: 'It is shown this once.' } },
});

export const TokenScopeInput = new GraphQLInputObjectType({
  name: 'PersonalTokenScope',
  description: 'What a token may be used for at most.',
  fields: {
    clusters: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description: 'All of them where it is absent.',
    },
    readOnly: { type: GraphQLBoolean, defaultValue: false },
  },
});

export const selfFields: GraphQLFieldConfigMap<ShownSelf, unknown> = {
  user: required,
  groups: texts,
  displayName: required,
  mustChangePassword: { ...truth, description: 'Until then nothing else can be done.' },
  expiresAt: { ...text, description: 'When the session or token ends; absent for a certificate.' },
};

export const SignedInType = new GraphQLObjectType<ShownSelf>({
  name: 'SignedIn',
  description: 'Who has just been signed in, by the cookies of the answer.',
  fields: selfFields,
});

export const LinkType = new GraphQLObjectType({
  name: 'InvitationLink',
  fields: {
    secret: { ...required, description: 'It is shown this once.' },
    path: { ...required, description: 'Of the page, with the secret where no server sees it.' },
    expiresAt: required,
  },
});

export const OfferType = new GraphQLObjectType<ShownInvitation>({
  name: 'InvitationOffer',
  description: 'What whoever has the secret of an invitation is invited to.',
  fields: { displayName: text, email: text, teams: texts, expiresAt: required },
});

/** Names of the types that are no kind's. */
export const PEOPLE_TYPES: readonly string[] = [
  SessionType,
  PasskeyType,
  IdentityType,
  TokenType,
  NewTokenType,
  TokenScopeInput,
  SignedInType,
  LinkType,
  OfferType,
]
  .map(({ name }) => name)
  .concat('Me');
