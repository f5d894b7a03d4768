import { IAM_GROUP, INVITATIONS, USERS } from '@binnacle/apis-iam';
import { type ResourceRef, newBadRequest, newInternalError } from '@binnacle/machinery-meta';
import type { RequestContext, ResourceStore, ResourceStores } from '@binnacle/server-registry';
import type { GraphQLFieldConfigMap } from 'graphql';
import { POINTS } from '../cost/limits.js';
import type { Attempt, Browser, GraphqlRequest, People } from '../request.js';

export type PeopleFields<Source = undefined> = GraphQLFieldConfigMap<Source, GraphqlRequest>;

const storeOf = (stores: ResourceStores, { group, version, plural }: ResourceRef): ResourceStore | undefined =>
  stores.find(group, version, plural);

/** Where people are: in one logical cluster alone. */
export const hasPeople = (stores: ResourceStores): boolean => storeOf(stores, USERS) !== undefined;

export const isUsers = ({ definition: { group, names } }: ResourceStore): boolean =>
  group === IAM_GROUP && names.plural === USERS.plural;

/** What people sign in with; whoever asks the database is charged for it. */
export function peopleOf({ people, budget }: GraphqlRequest): People {
  budget.charge(POINTS.search);
  if (!people) throw newInternalError('nobody signs in here');
  return people;
}

/** The browser that keeps what an answer sets. @throws StatusError BadRequest over a WebSocket, Forbidden for another site's page */
export function browserOf({ browser }: GraphqlRequest): Browser {
  if (browser) return browser();
  throw newBadRequest('this signs somebody in, by cookies of the answer: it must come by POST');
}

type Right = Pick<Attempt, 'verb' | 'name'> & { readonly subresource: string };

async function rightOver(request: GraphqlRequest, ref: ResourceRef, right: Right): Promise<RequestContext> {
  const { definition } = request.stores.get(ref.group, ref.version, ref.plural);
  return request.authorize(request.ctx, { ...right, definition });
}

/** What is allowed to be done to somebody. Rejects with Forbidden. */
export const overUser = (request: GraphqlRequest, right: Right): Promise<RequestContext> =>
  rightOver(request, USERS, right);

export const overInvitation = (request: GraphqlRequest, right: Right): Promise<RequestContext> =>
  rightOver(request, INVITATIONS, right);
