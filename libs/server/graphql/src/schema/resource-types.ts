import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import type { Registry, ResourceStore } from '@binnacle/server-registry';
import {
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql';
import type { Page } from '../rows/page.js';
import type { GraphqlRequest, Located } from '../request.js';
import type { ObjectTypes } from './object-types.js';
import { eventsAbout, ownedBy, ownersOf, RELATIONS, type Relation } from './relations.js';
import { JsonScalar } from './scalars.js';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

export const resourceKey = ({ group, version, names }: ResourceDefinition): string =>
  `${group}/${version}/${names.plural}`;

/** The GraphQL side of every registered kind: its object type with relations, and its page type. */
export class ResourceTypes {
  readonly kubeObject: GraphQLInterfaceType;
  private readonly kinds = new Map<string, GraphQLObjectType<Located, GraphqlRequest>>();
  private readonly pages = new Map<string, GraphQLObjectType<Page, GraphqlRequest>>();

  constructor(
    private readonly registry: Registry,
    private readonly types: ObjectTypes,
  ) {
    this.kubeObject = this.interfaceType();
    // Names first: a kind keeps its plain name, whatever part of another kind is called the same.
    const named = registry.all().map((store) => ({ store, name: types.nameFor(store.definition.schema) }));
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
    const objects = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(this.kubeObject)));
    const event = this.kind(this.registry.get('', 'v1', 'events'));
    const text = new GraphQLNonNull(GraphQLString);
    return {
      apiVersion: { type: text, resolve: ({ object }) => object.apiVersion },
      kind: { type: text, resolve: ({ object }) => object.kind },
      metadata: { type: new GraphQLNonNull(this.types.of(OBJECT_META)), resolve: ({ object }) => object.metadata },
      raw: { type: new GraphQLNonNull(JsonScalar), description: 'The whole object.', resolve: ({ object }) => object },
      events: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(event))),
        description: 'The Events about it.',
        resolve: (located, _, request) => eventsAbout(request, located),
      },
      owners: {
        type: objects,
        description: 'What it belongs to.',
        resolve: (located, _, request) => ownersOf(request, located),
      },
      owned: {
        type: objects,
        description: 'What belongs to it.',
        resolve: (located, _, request) => ownedBy(request, located),
      },
    };
  }

  private kindType(store: ResourceStore, name: string): GraphQLObjectType<Located, GraphqlRequest> {
    const { schema } = store.definition;
    return new GraphQLObjectType<Located, GraphqlRequest>({
      name,
      interfaces: () => [this.kubeObject],
      fields: () => ({ ...this.ownFields(schema), ...this.sharedFields(), ...this.relationFields(store) }),
    });
  }

  /** The fields of the kind itself, read from the object a `Located` carries. */
  private ownFields(schema: string): GraphQLFieldConfigMap<Located, GraphqlRequest> {
    const fields = this.types.fieldsOf<GraphqlRequest>(schema);
    return Object.fromEntries(
      Object.entries(fields).map(([name, config]) => [
        name,
        { type: config.type, resolve: ({ object }: Located) => object[name] },
      ]),
    );
  }

  private relationFields(store: ResourceStore): GraphQLFieldConfigMap<Located, GraphqlRequest> {
    const relations = RELATIONS[resourceKey(store.definition)] ?? [];
    const fields = relations.flatMap((relation) => {
      const [group = '', version = '', plural = ''] = relation.to.split('/');
      const target = this.registry.find(group, version, plural);
      return target ? [[relation.field, this.relationField(relation, target)] as const] : [];
    });
    return Object.fromEntries(fields);
  }

  private relationField(relation: Relation, target: ResourceStore) {
    const type = this.kind(target);
    return {
      type: relation.many ? new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type))) : type,
      description: relation.description,
      resolve: async (located: Located, _: unknown, request: GraphqlRequest) => {
        const found = await relation.resolve(request, located, target);
        return relation.many ? found : (found[0] ?? null);
      },
    };
  }

  private pageType(store: ResourceStore): GraphQLObjectType<Page, GraphqlRequest> {
    return new GraphQLObjectType<Page, GraphqlRequest>({
      name: `${this.kind(store).name}Page`,
      description: 'One page of a list. All pages of one list are read at the same resourceVersion.',
      fields: () => ({
        nodes: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(this.kind(store)))) },
        totalCount: { type: new GraphQLNonNull(GraphQLInt), description: 'How many there are on all pages.' },
        resourceVersion: { type: new GraphQLNonNull(GraphQLString), description: 'Where a subscription goes on from.' },
        endCursor: { type: GraphQLString, description: 'Give it as `after` for the next page.' },
        hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean) },
      }),
    });
  }
}
