import { newBadRequest } from '@binnacle/machinery-meta';
import type { Registry, ResourceStore } from '@binnacle/server-registry';
import type { Watch, WatchItem } from '@binnacle/server-storage';
import { GraphQLEnumType, type GraphQLFieldConfigMap, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql';
import type { GraphqlRequest, Located } from '../request.js';
import { type SelectionArguments, selectionFrom } from '../selection.js';
import { selectionArguments } from './arguments.js';
import { fieldNames } from './queries.js';
import type { ResourceTypes } from './resource-types.js';

const ChangeType = new GraphQLEnumType({
  name: 'ChangeType',
  values: {
    ADDED: {},
    MODIFIED: {},
    DELETED: {},
    BOOKMARK: { description: 'Nothing changed; everything up to resourceVersion has been delivered.' },
  },
});

interface ChangeRow {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly resourceVersion: string;
  readonly object: Located | null;
}

interface WatchArguments extends SelectionArguments {
  readonly resourceVersion?: string | null;
}

function startRevision(resourceVersion: string | null | undefined): number | undefined {
  if (!resourceVersion) return undefined;
  if (/^[1-9]\d{0,14}$/.test(resourceVersion)) return Number(resourceVersion);
  throw newBadRequest(`invalid resourceVersion "${resourceVersion}"`);
}

function row(store: ResourceStore, item: WatchItem): ChangeRow {
  if (item.kind === 'bookmark') return { type: 'BOOKMARK', resourceVersion: String(item.revision), object: null };
  const { type, object } = item.change;
  return { type, resourceVersion: String(object.revision), object: { store, object: store.decode(object) } };
}

async function* rows(store: ResourceStore, watch: Watch, field: string): AsyncGenerator<Record<string, ChangeRow>> {
  try {
    for await (const batch of watch) {
      for (const item of batch) yield { [field]: row(store, item) };
    }
  } finally {
    watch.close();
  }
}

/**
 * Starts with the present state as ADDED, or goes on after a resourceVersion with nothing missed; a version that is no
 * longer kept is answered with the reason Expired.
 */
async function subscribe(
  request: GraphqlRequest,
  store: ResourceStore,
  field: string,
  args: WatchArguments,
): Promise<AsyncGenerator> {
  const { definition } = store;
  await request.authorize(request.ctx, {
    verb: 'watch',
    definition,
    ...(args.namespace && { namespace: args.namespace }),
  });
  const after = startRevision(args.resourceVersion);
  const watch = await store.watch(request.ctx, selectionFrom(definition, args), {
    bookmarks: true,
    ...(after !== undefined && { after }),
  });
  return rows(store, watch, field);
}

export function subscriptionType(registry: Registry, types: ResourceTypes): GraphQLObjectType {
  const fields = [...fieldNames(registry)].map(
    ([store, names]): [string, GraphQLFieldConfigMap<unknown, GraphqlRequest>[string]] => {
      const type = new GraphQLObjectType<ChangeRow, GraphqlRequest>({
        name: `${types.kind(store).name}Change`,
        fields: () => ({
          type: { type: new GraphQLNonNull(ChangeType) },
          resourceVersion: {
            type: new GraphQLNonNull(GraphQLString),
            description: 'Subscribe again from here after a lost connection.',
          },
          object: { type: types.kind(store) },
        }),
      });
      const args = {
        ...selectionArguments(store.definition.namespaced),
        resourceVersion: {
          type: GraphQLString,
          description: 'Go on after this version; the present state first when absent.',
        },
      };
      const config = {
        type: new GraphQLNonNull(type),
        args,
        subscribe: (_: unknown, given: WatchArguments, request: GraphqlRequest) =>
          subscribe(request, store, names.many, given),
      };
      return [names.many, config];
    },
  );
  return new GraphQLObjectType({ name: 'Subscription', fields: Object.fromEntries(fields) });
}
