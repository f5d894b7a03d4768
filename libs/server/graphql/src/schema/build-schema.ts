import type { Registry } from '@binnacle/server-registry';
import { GraphQLSchema } from 'graphql';
import { mutationType } from './mutations.js';
import { ObjectTypes } from './object-types.js';
import { queryType } from './queries.js';
import { ResourceTypes } from './resource-types.js';
import { subscriptionType } from './subscriptions.js';

/** Derives the whole GraphQL schema from the table of registered kinds. */
export function buildGraphqlSchema(registry: Registry): GraphQLSchema {
  const types = new ResourceTypes(registry, new ObjectTypes());
  return new GraphQLSchema({
    query: queryType(registry, types),
    mutation: mutationType(registry, types),
    subscription: subscriptionType(registry, types),
    types: types.all(),
  });
}
