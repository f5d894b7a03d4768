import { type GraphQLFieldConfigMap, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql';
import { type ObjectPlace, type Registry, type ResourceStore } from '@binnacle/server-registry';
import { newNotFound } from '@binnacle/machinery-meta';
import { type PageArguments, readPage } from '../rows/page.js';
import type { GraphqlRequest, Located } from '../request.js';
import { pageArguments, placeArguments, referenceArguments } from './arguments.js';
import { storeOfKind } from './relations.js';
import type { ResourceTypes } from './resource-types.js';

type Fields = GraphQLFieldConfigMap<undefined, GraphqlRequest>;

export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | null;
  readonly name: string;
}

/** Field names of a resource: `pod` and `pods`, with the group in front where another resource has them already. */
export interface FieldNames {
  readonly one: string;
  readonly many: string;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** `EndpointSlice` and `endpointslices` make `endpointSlices`: the plural ending on the kind's own capitals. */
function pluralOf(kind: string, plural: string): string {
  const shared = lowerFirst(kind);
  const root = shared.toLowerCase();
  if (plural.startsWith(root)) return shared + plural.slice(root.length);
  return shared.slice(0, -1) + plural.slice(root.length - 1);
}

export function fieldNames(registry: Registry): Map<ResourceStore, FieldNames> {
  const names = new Map<ResourceStore, FieldNames>();
  const taken = new Set<string>();
  for (const store of registry.all()) {
    const { group, names: resource } = store.definition;
    const one = lowerFirst(resource.kind);
    const many = pluralOf(resource.kind, resource.plural);
    const prefix = taken.has(one) ? (group.split('.')[0] ?? '') : '';
    const upper = (text: string) => (prefix ? prefix + text.charAt(0).toUpperCase() + text.slice(1) : text);
    // Endpoints is its own plural.
    names.set(store, { one: upper(one), many: upper(many === one ? `${many}List` : many) });
    taken.add(one);
  }
  return names;
}

export async function readOne(request: GraphqlRequest, store: ResourceStore, place: ObjectPlace): Promise<Located> {
  await request.authorize(request.ctx, { verb: 'get', definition: store.definition, ...place });
  return { store, object: store.decode(await store.get(request.ctx, place)) };
}

export function placeOf(
  store: ResourceStore,
  { namespace, name }: { namespace?: string | null; name: string },
): ObjectPlace {
  return { namespace: store.definition.namespaced ? (namespace ?? 'default') : '', name };
}

/** The store of a kind a client names. Rejects with NotFound for kinds that are not served. */
export function requireStore(
  registry: Registry,
  { apiVersion, kind }: Pick<Reference, 'apiVersion' | 'kind'>,
): ResourceStore {
  const store = storeOfKind(registry, apiVersion, kind);
  if (store) return store;
  throw newNotFound({ group: '', resource: 'kinds' }, `${apiVersion} ${kind}`);
}

function resourceFields(types: ResourceTypes, store: ResourceStore, names: FieldNames): Fields {
  const { namespaced } = store.definition;
  return {
    [names.one]: {
      type: types.kind(store),
      args: placeArguments(namespaced),
      resolve: (_, args: { namespace?: string; name: string }, request) =>
        readOne(request, store, placeOf(store, args)),
    },
    [names.many]: {
      type: new GraphQLNonNull(types.page(store)),
      args: pageArguments(namespaced),
      resolve: (_, args: PageArguments, request) => readPage(request, store, args),
    },
  };
}

function sharedFields(registry: Registry, types: ResourceTypes): Fields {
  return {
    object: {
      type: types.kubeObject,
      description: 'An object of any kind.',
      args: referenceArguments,
      resolve: (_, args: Reference, request) => {
        const store = requireStore(registry, args);
        return readOne(request, store, placeOf(store, args));
      },
    },
    whoami: {
      type: new GraphQLNonNull(GraphQLString),
      description: 'The user the server takes you for.',
      resolve: (_, __, { ctx }) => ctx.user.name,
    },
  };
}

export function queryType(registry: Registry, types: ResourceTypes): GraphQLObjectType {
  const fields = [...fieldNames(registry)].map(([store, names]) => resourceFields(types, store, names));
  return new GraphQLObjectType({
    name: 'Query',
    fields: () => Object.assign({}, ...fields, sharedFields(registry, types)) as Fields,
  });
}
