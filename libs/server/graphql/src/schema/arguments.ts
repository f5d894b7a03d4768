import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';
import { JsonScalar } from './scalars.js';

const listOf = <T extends GraphQLInputObjectType>(type: T) => new GraphQLList(new GraphQLNonNull(type));

export const FilterInput: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: 'Filter',
  description:
    "A condition on the value at `path` (`status.phase`, `spec.containers[*].image`, `metadata.labels['app']`), or a combination of conditions. All that is given must hold.",
  fields: () => ({
    and: { type: listOf(FilterInput) },
    or: { type: listOf(FilterInput) },
    not: { type: FilterInput },
    path: { type: GraphQLString },
    equals: { type: JsonScalar },
    notEquals: { type: JsonScalar },
    in: { type: new GraphQLList(JsonScalar) },
    like: { type: GraphQLString, description: '`*` stands for any text; upper and lower case are alike.' },
    lessThan: { type: JsonScalar },
    atMost: { type: JsonScalar },
    greaterThan: { type: JsonScalar },
    atLeast: { type: JsonScalar },
    exists: { type: GraphQLBoolean },
  }),
});

const Direction = new GraphQLEnumType({ name: 'Direction', values: { ASC: {}, DESC: {} } });

const SortKeyInput = new GraphQLInputObjectType({
  name: 'SortKey',
  fields: { path: { type: new GraphQLNonNull(GraphQLString) }, direction: { type: Direction, defaultValue: 'ASC' } },
});

export const selectionArguments = (namespaced: boolean): GraphQLFieldConfigArgumentMap => ({
  ...(namespaced && { namespace: { type: GraphQLString, description: 'All namespaces when absent.' } }),
  labelSelector: { type: GraphQLString, description: 'As kubectl takes it: `app=web,tier in (a,b)`.' },
  fieldSelector: { type: GraphQLString, description: 'As kubectl takes it: `status.phase=Running`.' },
});

export const pageArguments = (namespaced: boolean): GraphQLFieldConfigArgumentMap => ({
  ...selectionArguments(namespaced),
  filter: { type: FilterInput },
  sort: { type: listOf(SortKeyInput) },
  first: { type: GraphQLInt, description: 'How many; 100 when absent, at most 1000.' },
  after: { type: GraphQLString, description: 'The endCursor of the page before.' },
  resourceVersion: { type: GraphQLString, description: 'Reads the state as it was then.' },
});

export const placeArguments = (namespaced: boolean): GraphQLFieldConfigArgumentMap => ({
  name: { type: new GraphQLNonNull(GraphQLString) },
  ...(namespaced && { namespace: { type: GraphQLString, defaultValue: 'default' } }),
});

/** Names an object of any kind. */
export const referenceArguments: GraphQLFieldConfigArgumentMap = {
  apiVersion: { type: new GraphQLNonNull(GraphQLString), description: 'For example `apps/v1`.' },
  kind: { type: new GraphQLNonNull(GraphQLString) },
  namespace: { type: GraphQLString, description: '`default` when absent, for kinds that have one.' },
  name: { type: new GraphQLNonNull(GraphQLString) },
};
