import { type AskedToken, type NewPassword, readNewToken, shownSelf } from '@binnacle/server-people';
import type { SignIn } from '@binnacle/server-auth';
import { GraphQLBoolean, GraphQLInt, GraphQLNonNull, GraphQLString } from 'graphql';
import type { GraphqlRequest } from '../request.js';
import { browserOf, overInvitation, overUser, type PeopleFields, peopleOf } from './served.js';
import { LinkType, NewTokenType, SignedInType, TokenScopeInput } from './types.js';

const required = { type: new GraphQLNonNull(GraphQLString) };
const counted = new GraphQLNonNull(GraphQLInt);
const user = { type: GraphQLString, description: 'Name of the User; whoever asks where it is absent.' };
const id = { type: GraphQLString, description: 'Of one of them; all where it is absent.' };

/** Of whom, and which of several. */
interface Chosen {
  readonly user?: string | null;
  readonly id?: string | null;
}

/** As a path of REST names one of several. */
const pathOf = (path: string, chosen: string | undefined): string =>
  chosen === undefined ? path : `${path}/${chosen}`;

async function endSessions(request: GraphqlRequest, { user, id: given }: Chosen): Promise<number> {
  const { own, others, asPath } = peopleOf(request);
  const id = given ?? undefined;
  if (user == null) {
    const call = { path: pathOf('/auth/sessions', id), verb: 'delete' };
    return asPath(request.ctx, call, () => own.endSessions(request.ctx, id));
  }
  const ctx = await overUser(request, { verb: 'delete', subresource: 'sessions', name: user });
  return others.endSessions(ctx, user, id);
}

async function revokeTokens(request: GraphqlRequest, { user, id: given }: Chosen): Promise<number> {
  const { own, others, asPath } = peopleOf(request);
  const id = given ?? undefined;
  if (user == null) {
    const call = { path: pathOf('/auth/tokens', id), verb: 'delete' };
    return asPath(request.ctx, call, () => own.revokeTokens(request.ctx, id));
  }
  const ctx = await overUser(request, { verb: 'delete', subresource: 'tokens', name: user });
  return others.revokeTokens(ctx, user, id);
}

async function createToken(request: GraphqlRequest, { user, ...asked }: AskedToken & Pick<Chosen, 'user'>) {
  const { own, others, asPath } = peopleOf(request);
  const wanted = readNewToken(asked, request.ctx.clock.now());
  if (user == null) {
    const call = { path: '/auth/tokens', verb: 'post' };
    return asPath(request.ctx, call, () => own.createToken(request.ctx, wanted));
  }
  const ctx = await overUser(request, { verb: 'create', subresource: 'tokens', name: user });
  return others.createToken(ctx, user, wanted);
}

interface Reset {
  readonly user: string;
  readonly removeSignInMethods: boolean;
}

async function resetPassword(request: GraphqlRequest, { user, removeSignInMethods: removesMethods }: Reset) {
  const { others } = peopleOf(request);
  const ctx = await overUser(request, { verb: 'create', subresource: 'password', name: user });
  return others.resetPassword(ctx, user, { removesMethods });
}

type Removal = 'passkeys' | 'identities';

async function removeMethods(request: GraphqlRequest, of: Removal, { user, id }: Chosen & { user: string }) {
  const { others } = peopleOf(request);
  const ctx = await overUser(request, { verb: 'delete', subresource: of, name: user });
  const remove = of === 'passkeys' ? 'removePasskeys' : 'removeIdentities';
  return others[remove](ctx, user, id ?? undefined);
}

async function newLink(request: GraphqlRequest, name: string) {
  const { others } = peopleOf(request);
  return others.newLink(await overInvitation(request, { verb: 'create', subresource: 'link', name }), name);
}

/** By the cookies of the answer, as REST does. */
function signedIn(request: GraphqlRequest, signIn: SignIn) {
  const { sessions } = peopleOf(request);
  const { keep, secure } = browserOf(request);
  keep(sessions.cookies.setBoth(signIn, { secure }));
  return shownSelf(signIn.user, signIn.displayName);
}

async function changePassword(request: GraphqlRequest, passwords: NewPassword) {
  const { own, asPath } = peopleOf(request);
  const browser = browserOf(request);
  const change = () => own.changePassword(request.ctx, browser, passwords);
  return signedIn(request, await asPath(request.ctx, { path: '/auth/password', verb: 'post' }, change));
}

interface Acceptance {
  readonly secret: string;
  readonly user: string;
  readonly displayName?: string | null;
  readonly password: string;
}

async function acceptInvitation(request: GraphqlRequest, { displayName, ...asked }: Acceptance) {
  const { own, asPath } = peopleOf(request);
  const browser = browserOf(request);
  const accepted = { ...asked, ...(displayName != null && { displayName }) };
  const enter = () => own.acceptInvitation(request.ctx, browser, accepted);
  return signedIn(request, await asPath(request.ctx, { path: '/auth/invitations/accept', verb: 'post' }, enter));
}

/** What is no object: passwords, tokens, sessions and links, by the rules that REST has for them. */
export const peopleMutations: PeopleFields = {
  changePassword: {
    type: new GraphQLNonNull(SignedInType),
    description: 'One’s own, in a session of one’s own. All others end; the answer’s cookies are of a new one.',
    args: { password: required, newPassword: required },
    resolve: (_, args: NewPassword, request) => changePassword(request, args),
  },
  resetPassword: {
    type: new GraphQLNonNull(GraphQLString),
    description: 'Answers, this once, a password that was made up and must be changed. Sessions and tokens end.',
    args: {
      user: required,
      removeSignInMethods: {
        type: new GraphQLNonNull(GraphQLBoolean),
        defaultValue: false,
        description: 'Whether passkeys and linked identities go as well.',
      },
    },
    resolve: (_, args: Reset, request) => resetPassword(request, args),
  },
  createToken: {
    type: new GraphQLNonNull(NewTokenType),
    description: 'A token, shown this once. It ends in thirty days where nothing is said.',
    args: { user, name: required, expiresAt: { type: GraphQLString }, scope: { type: TokenScopeInput } },
    resolve: (_, args: AskedToken & Pick<Chosen, 'user'>, request) => createToken(request, args),
  },
  revokeTokens: {
    type: counted,
    description: 'Answers how many there were.',
    args: { user, id },
    resolve: (_, args: Chosen, request) => revokeTokens(request, args),
  },
  endSessions: {
    type: counted,
    description: 'Answers how many there were; of one’s own, the one that asks goes on.',
    args: { user, id },
    resolve: (_, args: Chosen, request) => endSessions(request, args),
  },
  removePasskeys: {
    type: counted,
    description: 'Of somebody; answers how many there were.',
    args: { user: required, id },
    resolve: (_, args: Chosen & { user: string }, request) => removeMethods(request, 'passkeys', args),
  },
  removeIdentities: {
    type: counted,
    description: 'Who somebody is to providers; answers how many there were.',
    args: { user: required, id },
    resolve: (_, args: Chosen & { user: string }, request) => removeMethods(request, 'identities', args),
  },
  invitationLink: {
    type: new GraphQLNonNull(LinkType),
    description: 'A new link of an invitation; the one before is worth nothing.',
    args: { invitation: required },
    resolve: (_, args: { invitation: string }, request) => newLink(request, args.invitation),
  },
  acceptInvitation: {
    type: new GraphQLNonNull(SignedInType),
    description: 'Makes whoever has the secret a person, and signs them in. It may be asked without being signed in.',
    args: { secret: required, user: required, displayName: { type: GraphQLString }, password: required },
    resolve: (_, args: Acceptance, request) => acceptInvitation(request, args),
  },
};
