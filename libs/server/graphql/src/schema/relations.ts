import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import {
  isControlledBy,
  isNotFound,
  isOwnedBy,
  parseApiVersion,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { Registry, ResourceStore } from '@binnacle/server-registry';
import { relatedWhere } from '../related-objects.js';
import type { GraphqlRequest, Located } from '../request.js';

/** A field that leads from an object to others. `to` names a resource as `<group>/<version>/<plural>`. */
export interface Relation {
  readonly field: string;
  readonly description: string;
  readonly to: string;
  readonly many: boolean;
  resolve(request: GraphqlRequest, from: Located, target: ResourceStore): Promise<readonly Located[]>;
}

const namespaceOf = (object: UnstructuredObject): string => object.metadata.namespace ?? '';
const nodeNameOf = (pod: UnstructuredObject): string | undefined =>
  (pod.spec as { nodeName?: string } | undefined)?.nodeName;

/** What the object is the controller of, such as the ReplicaSets of a Deployment. */
function controlled(field: string, to: string, description: string): Relation {
  const resolve: Relation['resolve'] = (request, { object }, target) =>
    relatedWhere(request, target, namespaceOf(object), (other) => isControlledBy(other, object));
  return { field, description, to, many: true, resolve };
}

/** What the object's selector chooses in its namespace. */
function selected(field: string, to: string, description: string): Relation {
  const resolve: Relation['resolve'] = (request, { object }, target) => {
    const selector = (object.spec as { selector?: object } | undefined)?.selector;
    const matcher = selector ? matcherFromLabelSelector(selector) : undefined;
    return relatedWhere(
      request,
      target,
      namespaceOf(object),
      (other) => matcher?.matches(other.metadata.labels) ?? false,
    );
  };
  return { field, description, to, many: true, resolve };
}

const podsOfService: Relation = {
  field: 'pods',
  description: 'The Pods its selector chooses.',
  to: '/v1/pods',
  many: true,
  resolve(request, { object }, target) {
    const matchLabels = (object as unknown as Service).spec?.selector;
    const matcher =
      matchLabels && Object.keys(matchLabels).length ? matcherFromLabelSelector({ matchLabels }) : undefined;
    return relatedWhere(
      request,
      target,
      namespaceOf(object),
      (other) => matcher?.matches(other.metadata.labels) ?? false,
    );
  },
};

const slicesOfService: Relation = {
  field: 'endpointSlices',
  description: 'Where its traffic goes.',
  to: 'discovery.k8s.io/v1/endpointslices',
  many: true,
  resolve: (request, { object }, target) =>
    relatedWhere(
      request,
      target,
      namespaceOf(object),
      (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === object.metadata.name,
    ),
};

const podsOfNode: Relation = {
  field: 'pods',
  description: 'The Pods bound to it.',
  to: '/v1/pods',
  many: true,
  resolve: (request, { object }, target) =>
    relatedWhere(request, target, '', (pod) => nodeNameOf(pod) === object.metadata.name),
};

const nodeOfPod: Relation = {
  field: 'node',
  description: 'The Node it is bound to.',
  to: '/v1/nodes',
  many: false,
  async resolve(request, { object }, target) {
    const name = nodeNameOf(object);
    return name ? readIfThere(request, target, { namespace: '', name }) : [];
  },
};

/** Relations of particular kinds, by the kind's resource. */
export const RELATIONS: Readonly<Record<string, readonly Relation[]>> = {
  '/v1/nodes': [podsOfNode],
  '/v1/pods': [nodeOfPod],
  '/v1/services': [podsOfService, slicesOfService],
  '/v1/replicationcontrollers': [controlled('pods', '/v1/pods', 'The Pods it controls.')],
  'apps/v1/deployments': [
    controlled('replicaSets', 'apps/v1/replicasets', 'Its revisions.'),
    selected('pods', '/v1/pods', 'The Pods its selector chooses.'),
  ],
  'apps/v1/replicasets': [controlled('pods', '/v1/pods', 'The Pods it controls.')],
  'policy/v1/poddisruptionbudgets': [selected('pods', '/v1/pods', 'The Pods it protects.')],
};

/** Reads one object the user may get; none where it is not there. */
async function readIfThere(
  request: GraphqlRequest,
  store: ResourceStore,
  place: { namespace: string; name: string },
): Promise<readonly Located[]> {
  await request.authorize(request.ctx, { verb: 'get', definition: store.definition, ...place });
  try {
    return [{ store, object: store.decode(await store.get(request.ctx, place)) }];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** The store of a kind that an owner reference names, in any version that is served. */
export function storeOfKind(registry: Registry, apiVersion: string, kind: string): ResourceStore | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  const stores = registry
    .all()
    .filter(({ definition }) => definition.group === group && definition.names.kind === kind);
  return stores.find(({ definition }) => definition.version === version) ?? stores[0];
}

/** The owners an object names that are still there. */
export async function ownersOf(request: GraphqlRequest, { object }: Located): Promise<readonly Located[]> {
  const owners = await Promise.all(
    (object.metadata.ownerReferences ?? []).map(async ({ apiVersion, kind, name, uid }) => {
      const store = storeOfKind(request.registry, apiVersion, kind);
      if (!store) return [];
      const namespace = store.definition.namespaced ? namespaceOf(object) : '';
      const found = await readIfThere(request, store, { namespace, name });
      return found.filter((owner) => owner.object.metadata.uid === uid);
    }),
  );
  return owners.flat();
}

/** Everything in the object's namespace that names it as an owner, of every kind that may be listed. */
export async function ownedBy(request: GraphqlRequest, from: Located): Promise<readonly Located[]> {
  const owned = await Promise.all(
    request.registry
      .all()
      .filter(({ definition }) => definition.namespaced && definition.names.kind !== 'Event')
      .map((store) => relatedWhere(request, store, namespaceOf(from.object), (other) => isOwnedBy(other, from.object))),
  );
  return owned.flat();
}

/** The Events about an object, newest last. */
export async function eventsAbout(request: GraphqlRequest, { object }: Located): Promise<readonly Located[]> {
  const store = request.registry.get('', 'v1', 'events');
  // Events about cluster-scoped objects are kept in the namespace default.
  const namespace = namespaceOf(object) || 'default';
  const { name, uid } = object.metadata;
  return relatedWhere(request, store, namespace, (event) => {
    const about = event.involvedObject as { uid?: string; name?: string; kind?: string } | undefined;
    if (about?.kind !== object.kind || about.name !== name) return false;
    // Components that only know a Node's name use it as the uid.
    return !about.uid || about.uid === uid || about.uid === name;
  });
}
