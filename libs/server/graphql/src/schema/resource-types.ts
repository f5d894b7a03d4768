import type { RelationDefinition, ResourceDefinition } from '@binnacle/apis-registry';
import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import type { ResourceStores, ResourceStore } from '@binnacle/server-registry';
import {
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  type GraphQLFieldResolver,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql';
import { userFields } from '../people/queries.js';
import { isUsers } from '../people/served.js';
import type { Page } from '../rows/page.js';
import { costs } from '../cost/field-cost.js';
import { POINTS } from '../cost/limits.js';
import { located, resolveField } from './resolve-field.js';
import type { Found, GraphqlRequest, Located } from '../request.js';
import type { ObjectTypes } from './object-types.js';
import { eventsAbout, follow, ownable, ownedBy, ownersOf } from './relations.js';
import { referenceFields, referencesOf } from './references.js';
import { JsonScalar } from './scalars.js';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

export const resourceKey = ({ group, version, names }: ResourceDefinition): string =>
  `${group}/${version}/${names.plural}`;

type Resolve = GraphQLFieldResolver<Located, GraphqlRequest>;

/** None where what it leads to is refused, and the rest of the answer stands. */
const listOf = (type: GraphQLObjectType | GraphQLInterfaceType) => new GraphQLList(new GraphQLNonNull(type));

/** A field of the kind itself, read from the object that a `Located` carries. */
const ofObject: Resolve = ({ object }, args, request, info) => resolveField(object, args, request, info);

const related =
  (find: (request: GraphqlRequest, from: Located) => Promise<readonly (Found | Located)[]>): Resolve =>
  async (from, _, request) => {
    request.budget.relation();
    return located(request, await find(request, from));
  };

/** The GraphQL side of every registered kind: its object type with relations, and its page type. */
export class ResourceTypes {
  readonly kubeObject: GraphQLInterfaceType;
  private readonly kinds = new Map<string, GraphQLObjectType<Located, GraphqlRequest>>();
  private readonly pages = new Map<string, GraphQLObjectType<Page, GraphqlRequest>>();

  constructor(
    private readonly stores: ResourceStores,
    private readonly types: ObjectTypes,
  ) {
    this.kubeObject = this.interfaceType();
    // Names first: a kind keeps its plain name, whatever part of another kind is called the same.
    const named = stores.all().map((store) => ({ store, name: types.names.ofKind(store.definition.schema) }));
    for (const { store, name } of named) this.kinds.set(resourceKey(store.definition), this.kindType(store, name));
  }

  all(): GraphQLObjectType[] {
    return [...this.kinds.values()];
  }

  kind(store: ResourceStore): GraphQLObjectType<Located, GraphqlRequest> {
    const type = this.kinds.get(resourceKey(store.definition));
    if (!type) throw new Error(`no type for ${store.definition.names.kind}`);
    return type;
  }

  page(store: ResourceStore): GraphQLObjectType<Page, GraphqlRequest> {
    const key = resourceKey(store.definition);
    const type = this.pages.get(key) ?? this.pageType(store);
    this.pages.set(key, type);
    return type;
  }

  private interfaceType(): GraphQLInterfaceType {
    return new GraphQLInterfaceType({
      name: 'KubeObject',
      description: 'Any object of the cluster.',
      fields: () => this.sharedFields(),
      resolveType: (located: Located) => this.kind(located.store).name,
    });
  }

  /** What every object has, whatever its kind. */
  private sharedFields(): GraphQLFieldConfigMap<Located, GraphqlRequest> {
    const objects = listOf(this.kubeObject);
    const events = this.stores.get('', 'v1', 'events');
    const event = this.kind(events);
    const text = new GraphQLNonNull(GraphQLString);
    const among = (usual: number, stores: readonly ResourceStore[]) =>
      costs({ kind: 'relation', usual, among: () => stores });
    return {
      apiVersion: { type: text, resolve: ofObject },
      kind: { type: text, resolve: ofObject },
      metadata: { type: new GraphQLNonNull(this.types.of(builtinSchemas, OBJECT_META)), resolve: ofObject },
      raw: {
        type: new GraphQLNonNull(JsonScalar),
        description: 'The whole object.',
        resolve: ({ object }, _, { budget }) => {
          budget.field();
          return object;
        },
      },
      events: {
        type: listOf(event),
        description: 'The Events about it.',
        extensions: among(2, [events]),
        resolve: related((request, from) => eventsAbout(request, from)),
      },
      owners: {
        type: objects,
        description: 'What it belongs to.',
        extensions: among(1, []),
        resolve: related((request, from) => ownersOf(request, from)),
      },
      owned: {
        type: objects,
        description: 'What belongs to it.',
        extensions: among(5, ownable(this.stores)),
        resolve: related((request, from) => ownedBy(request, from)),
      },
    };
  }

  private kindType(store: ResourceStore, name: string): GraphQLObjectType<Located, GraphqlRequest> {
    return new GraphQLObjectType<Located, GraphqlRequest>({
      name,
      interfaces: () => [this.kubeObject],
      fields: () => ({
        ...this.ownFields(store.definition),
        ...this.sharedFields(),
        ...this.referencesField(store.definition),
        ...this.relationFields(store),
        ...(isUsers(store) && userFields),
      }),
    });
  }

  private ownFields({ schemas, schema }: ResourceDefinition): GraphQLFieldConfigMap<Located, GraphqlRequest> {
    const fields = this.types.fieldsOf<GraphqlRequest>(schemas, schema);
    return Object.fromEntries(
      Object.entries(fields).map(([name, config]) => [name, { type: config.type, resolve: ofObject }]),
    );
  }

  private referencesField(definition: ResourceDefinition): GraphQLFieldConfigMap<Located, GraphqlRequest> {
    const fields = referenceFields(this.stores, definition);
    if (fields.length === 0) return {};
    return {
      references: {
        type: listOf(this.kubeObject),
        description: 'What its reference fields name and is there.',
        extensions: costs({ kind: 'relation', usual: 2, among: () => [] }),
        resolve: related((request, from) => referencesOf(request, from, fields)),
      },
    };
  }

  private relationFields(store: ResourceStore): GraphQLFieldConfigMap<Located, GraphqlRequest> {
    const { relations = [] } = store.definition;
    const fields = relations.flatMap((relation) => {
      const { group, version, plural } = relation.to;
      const target = this.stores.find(group, version, plural);
      return target ? [[relation.field, this.relationField(relation, target)] as const] : [];
    });
    return Object.fromEntries(fields);
  }

  private relationField(relation: RelationDefinition, target: ResourceStore) {
    const type = this.kind(target);
    const { by } = relation.find;
    const many = by !== 'name';
    const cost = by === 'fields' ? { among: () => [], each: POINTS.search } : { among: () => (many ? [target] : []) };
    return {
      type: many ? listOf(type) : type,
      description: relation.description,
      extensions: costs({ kind: 'relation', usual: relation.usual, ...cost }),
      resolve: async (from: Located, _: unknown, request: GraphqlRequest) => {
        request.budget.relation();
        const found = located(request, await follow(request, relation, from, target));
        return many ? found : (found[0] ?? null);
      },
    };
  }

  private pageType(store: ResourceStore): GraphQLObjectType<Page, GraphqlRequest> {
    return new GraphQLObjectType<Page, GraphqlRequest>({
      name: `${this.kind(store).name}Page`,
      description: 'One page of a list. All pages of one list are read at the same resourceVersion.',
      fields: () => ({
        nodes: {
          type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(this.kind(store)))),
          extensions: costs({ kind: 'nodes' }),
          resolve: ({ nodes }, _, request) => {
            request.budget.field();
            return located(request, nodes);
          },
        },
        totalCount: { type: new GraphQLNonNull(GraphQLInt), description: 'How many there are on all pages.' },
        resourceVersion: { type: new GraphQLNonNull(GraphQLString), description: 'Where a subscription goes on from.' },
        endCursor: { type: GraphQLString, description: 'Give it as `after` for the next page.' },
        hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean) },
      }),
    });
  }
}
