import type { ResourceStores } from '@binnacle/server-registry';
import { GraphQLSchema } from 'graphql';
import { mutationType } from './mutations.js';
import { ObjectTypes } from './object-types.js';
import { queryType } from './queries.js';
import { ResourceTypes } from './resource-types.js';
import { subscriptionType } from './subscriptions.js';

/** Derives the whole GraphQL schema from the table of registered kinds. */
export function buildGraphqlSchema(stores: ResourceStores): GraphQLSchema {
  const types = new ResourceTypes(stores, new ObjectTypes());
  return new GraphQLSchema({
    query: queryType(stores, types),
    mutation: mutationType(stores, types),
    subscription: subscriptionType(stores, types),
    types: types.all(),
  });
}
