import { type GraphQLFieldConfigMap, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql';
import { type ObjectPlace, type ResourceStores, type ResourceStore } from '@binnacle/server-registry';
import { newNotFound } from '@binnacle/machinery-meta';
import { type PageArguments, readPage } from '../rows/page.js';
import { costs } from '../cost/field-cost.js';
import { POINTS } from '../cost/limits.js';
import { peopleQueries } from '../people/queries.js';
import { hasPeople } from '../people/served.js';
import type { GraphqlRequest, Located } from '../request.js';
import { pageArguments, placeArguments, referenceArguments } from './arguments.js';
import { storeOfKind } from './relations.js';
import { type FieldNames, fieldNames } from './field-names.js';
import type { ResourceTypes } from './resource-types.js';
import { reachabilityField } from './reachability.js';
import { whoCanField } from './who-can.js';

type Fields = GraphQLFieldConfigMap<undefined, GraphqlRequest>;

export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | null;
  readonly name: string;
}

export async function readOne(request: GraphqlRequest, store: ResourceStore, place: ObjectPlace): Promise<Located> {
  const { budget } = request;
  budget.charge(POINTS.read);
  budget.reach(1);
  const ctx = await request.authorize(request.ctx, { verb: 'get', definition: store.definition, ...place });
  const stored = await store.get(ctx, place);
  await budget.lane.step(budget.parse(stored.body.length));
  return { store, object: store.decode(stored) };
}

export function placeOf(
  store: ResourceStore,
  { namespace, name }: { namespace?: string | null; name: string },
): ObjectPlace {
  return { namespace: store.definition.namespaced ? (namespace ?? 'default') : '', name };
}

/** The store of a kind a client names. Rejects with NotFound for kinds that are not served. */
export function requireStore(
  stores: ResourceStores,
  { apiVersion, kind }: Pick<Reference, 'apiVersion' | 'kind'>,
): ResourceStore {
  const store = storeOfKind(stores, apiVersion, kind);
  if (store) return store;
  throw newNotFound({ group: '', resource: 'kinds' }, `${apiVersion} ${kind}`);
}

function resourceFields(types: ResourceTypes, store: ResourceStore, names: FieldNames): Fields {
  const { namespaced } = store.definition;
  return {
    [names.one]: {
      type: types.kind(store),
      args: placeArguments(namespaced),
      extensions: costs({ kind: 'read' }),
      resolve: (_, args: { namespace?: string; name: string }, request) =>
        readOne(request, store, placeOf(store, args)),
    },
    [names.many]: {
      // None where it is refused, and the rest of the answer stands.
      type: types.page(store),
      args: pageArguments(namespaced),
      extensions: costs({ kind: 'page', store }),
      resolve: (_, args: PageArguments, request) => {
        request.budget.charge(POINTS.read);
        return readPage(request, store, args);
      },
    },
  };
}

function sharedFields(stores: ResourceStores, types: ResourceTypes): Fields {
  return {
    object: {
      type: types.kubeObject,
      description: 'An object of any kind.',
      args: referenceArguments,
      extensions: costs({ kind: 'read' }),
      resolve: (_, args: Reference, request) => {
        const store = requireStore(stores, args);
        return readOne(request, store, placeOf(store, args));
      },
    },
    whoCan: whoCanField,
    reachability: reachabilityField,
    whoami: {
      type: new GraphQLNonNull(GraphQLString),
      description: 'The user the server takes you for.',
      resolve: (_, __, { ctx }) => ctx.user.name,
    },
    ...(hasPeople(stores) && peopleQueries),
  };
}

export function queryType(stores: ResourceStores, types: ResourceTypes): GraphQLObjectType {
  const fields = [...fieldNames(stores)].map(([store, names]) => resourceFields(types, store, names));
  return new GraphQLObjectType({
    name: 'Query',
    fields: () => Object.assign({}, ...fields, sharedFields(stores, types)) as Fields,
  });
}
