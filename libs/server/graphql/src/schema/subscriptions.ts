import { newBadRequest } from '@binnacle/machinery-meta';
import type { ResourceStores, ResourceStore } from '@binnacle/server-registry';
import { GraphQLEnumType, type GraphQLFieldConfigMap, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql';
import { costs } from '../cost/field-cost.js';
import type { GraphqlRequest } from '../request.js';
import { type SelectionArguments, selectionFrom } from '../selection.js';
import { type ChangeRow, SubscriptionRows } from '../subscription-rows.js';
import { selectionArguments } from './arguments.js';
import { fieldNames } from './field-names.js';
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

interface WatchArguments extends SelectionArguments {
  readonly resourceVersion?: string | null;
}

/** Undefined for the present state first, which `0` asks for as it does in the API. */
function startRevision(resourceVersion: string | null | undefined): number | undefined {
  if (!resourceVersion || resourceVersion === '0') return undefined;
  if (/^[1-9]\d{0,14}$/.test(resourceVersion)) return Number(resourceVersion);
  throw newBadRequest(`invalid resourceVersion "${resourceVersion}"`);
}

/**
 * Starts with the present state as ADDED, or goes on after a resourceVersion with nothing missed; a version that is no
 * longer kept is answered with the reason Expired.
 */
async function subscribe(
  request: GraphqlRequest,
  store: ResourceStore,
  args: WatchArguments,
): Promise<SubscriptionRows> {
  const { definition } = store;
  const attempt = { verb: 'watch', definition, ...(args.namespace && { namespace: args.namespace }) } as const;
  const ctx = await request.authorize(request.ctx, attempt);
  const selection = selectionFrom(definition, args);
  return SubscriptionRows.open({ request, ctx, store, selection }, startRevision(args.resourceVersion));
}

export function subscriptionType(stores: ResourceStores, types: ResourceTypes): GraphQLObjectType {
  const fields = [...fieldNames(stores)].map(
    ([store, names]): [string, GraphQLFieldConfigMap<ChangeRow, GraphqlRequest>[string]] => {
      const type = new GraphQLObjectType<ChangeRow, GraphqlRequest>({
        name: `${types.kind(store).name}Change`,
        fields: () => ({
          type: { type: new GraphQLNonNull(ChangeType) },
          resourceVersion: {
            type: new GraphQLNonNull(GraphQLString),
            description: 'Subscribe again from here after a lost connection; 0 until the present state has been told.',
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
        extensions: costs({ kind: 'stream', store }),
        subscribe: (_: unknown, given: WatchArguments, request: GraphqlRequest) => subscribe(request, store, given),
        resolve: (row: ChangeRow) => row,
      };
      return [names.many, config];
    },
  );
  return new GraphQLObjectType({ name: 'Subscription', fields: Object.fromEntries(fields) });
}
