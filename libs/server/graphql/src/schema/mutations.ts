import { ANNOTATION_RESTARTED_AT } from '@binnacle/apis-kubernetes/well-known';
import { newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import { formatTime } from '@binnacle/machinery-context';
import { type ResourceStores, updateScale } from '@binnacle/server-registry';
import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql';
import { costs } from '../cost/field-cost.js';
import { POINTS } from '../cost/limits.js';
import { peopleMutations } from '../people/mutations.js';
import { hasPeople } from '../people/served.js';
import type { GraphqlRequest, Located } from '../request.js';
import { type ApplyArguments, applyManifest, change } from './apply.js';
import { referenceArguments } from './arguments.js';
import { placeOf, type Reference, readOne, requireStore } from './queries.js';
import type { ResourceTypes } from './resource-types.js';
import { JsonScalar } from './scalars.js';

type Fields = GraphQLFieldConfigMap<undefined, GraphqlRequest>;

const Propagation = new GraphQLEnumType({
  name: 'DeletionPropagation',
  values: { Background: {}, Foreground: {}, Orphan: {} },
});

async function scale(request: GraphqlRequest, reference: Reference, replicas: number): Promise<Located> {
  const store = requireStore(request.stores, reference);
  const place = placeOf(store, reference);
  const attempt = { verb: 'patch', definition: store.definition, subresource: 'scale', ...place } as const;
  const ctx = await request.authorize(request.ctx, attempt);
  await updateScale(store, ctx, place, (current) => ({ ...current, spec: { replicas } }));
  return readOne(request, store, place);
}

interface Templated {
  spec?: { template?: { metadata?: { annotations?: Record<string, string> } } };
}

/** Behaves as kubectl rollout restart: a new annotation on the template makes the controller replace every Pod. */
function restart(request: GraphqlRequest, reference: Reference): Promise<Located> {
  const store = requireStore(request.stores, reference);
  const now = formatTime(request.ctx.clock.now());
  return change(request, store, reference, (object) => {
    const { spec } = object as UnstructuredObject & Templated;
    if (!spec?.template || store.definition.names.kind === 'ReplicaSet')
      throw newBadRequest(`${object.kind} cannot be restarted`);
    const metadata = spec.template.metadata ?? {};
    spec.template.metadata = { ...metadata, annotations: { ...metadata.annotations, [ANNOTATION_RESTARTED_AT]: now } };
    return object;
  });
}

function cordon(
  request: GraphqlRequest,
  stores: ResourceStores,
  name: string,
  unschedulable: boolean,
): Promise<Located> {
  return change(request, stores.get('', 'v1', 'nodes'), { name }, (node) => {
    const spec = { ...(node.spec as object) } as { unschedulable?: boolean };
    if (unschedulable) spec.unschedulable = true;
    else delete spec.unschedulable;
    return { ...node, spec };
  });
}

async function remove(
  request: GraphqlRequest,
  args: Reference & { propagation?: 'Background'; gracePeriodSeconds?: number; dryRun?: boolean },
): Promise<boolean> {
  const store = requireStore(request.stores, args);
  const place = placeOf(store, args);
  const ctx = await request.authorize(request.ctx, { verb: 'delete', definition: store.definition, ...place });
  const options = {
    ...(args.propagation && { propagationPolicy: args.propagation }),
    ...(args.gracePeriodSeconds != null && { gracePeriodSeconds: args.gracePeriodSeconds }),
  };
  await store.delete(ctx, place, options, { dryRun: args.dryRun ?? false });
  return true;
}

/** Every mutation is charged alike, whatever it does. */
function chargeEach(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { resolve, ...config }]): [string, Fields[string]] => [
      name,
      {
        ...config,
        extensions: costs({ kind: 'mutation' }),
        resolve: (source, args, request, info) => {
          request.budget.charge(POINTS.mutation);
          return resolve?.(source, args, request, info);
        },
      },
    ]),
  );
}

export function mutationType(stores: ResourceStores, types: ResourceTypes): GraphQLObjectType {
  const object = new GraphQLNonNull(types.kubeObject);
  const node = new GraphQLNonNull(types.kind(stores.get('', 'v1', 'nodes')));
  const dryRun = { type: GraphQLBoolean, defaultValue: false, description: 'Checks everything and stores nothing.' };
  const name = { type: new GraphQLNonNull(GraphQLString) };
  const fields: Fields = {
    apply: {
      type: object,
      description: 'Creates the object, or merges the manifest into the one that is there.',
      args: { manifest: { type: new GraphQLNonNull(JsonScalar) }, dryRun },
      resolve: (_, args: ApplyArguments, request) => applyManifest(request, args),
    },
    scale: {
      type: object,
      args: { ...referenceArguments, replicas: { type: new GraphQLNonNull(GraphQLInt) } },
      resolve: (_, args: Reference & { replicas: number }, request) => scale(request, args, args.replicas),
    },
    restart: {
      type: object,
      args: referenceArguments,
      resolve: (_, args: Reference, request) => restart(request, args),
    },
    delete: {
      type: new GraphQLNonNull(GraphQLBoolean),
      args: {
        ...referenceArguments,
        propagation: { type: Propagation },
        gracePeriodSeconds: { type: GraphQLInt },
        dryRun,
      },
      resolve: (_, args: Reference, request) => remove(request, args),
    },
    cordon: {
      type: node,
      args: { name },
      resolve: (_, args: { name: string }, request) => cordon(request, stores, args.name, true),
    },
    uncordon: {
      type: node,
      args: { name },
      resolve: (_, args: { name: string }, request) => cordon(request, stores, args.name, false),
    },
    ...(hasPeople(stores) && peopleMutations),
  };
  return new GraphQLObjectType({ name: 'Mutation', fields: chargeEach(fields) });
}
