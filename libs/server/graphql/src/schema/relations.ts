import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { type LabelSelector, parseApiVersion, type UnstructuredObject } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { Registry, ResourceStore } from '@binnacle/server-registry';
import { type Lookup, relatedBy, relatedOne, relatedWhere } from '../related-objects.js';
import type { GraphqlRequest, Located } from '../request.js';
import {
  aboutKey,
  aboutOf,
  byController,
  byInvolved,
  byLabel,
  byNode,
  byOwner,
  labelKey,
  nodeNameOf,
} from './indexes.js';

/** A field that leads from an object to others. `to` names a resource as `<group>/<version>/<plural>`. */
export interface Relation {
  readonly field: string;
  readonly description: string;
  readonly to: string;
  readonly many: boolean;
  resolve(request: GraphqlRequest, from: Located, target: ResourceStore): Promise<readonly Located[]>;
}

const namespaceOf = (object: UnstructuredObject): string => object.metadata.namespace ?? '';
/** What the object is the controller of, such as the ReplicaSets of a Deployment. */
function controlled(field: string, to: string, description: string): Relation {
  const resolve: Relation['resolve'] = (request, { object }, store) =>
    relatedBy(request, { store, namespace: namespaceOf(object) }, byController, object.metadata.uid ?? '');
  return { field, description, to, many: true, resolve };
}

/** What a selector chooses, by the index of its first label where it has one. */
function chosenBy(request: GraphqlRequest, lookup: Lookup, selector: LabelSelector): Promise<Located[]> {
  const matcher = matcherFromLabelSelector(selector);
  const matches = ({ metadata }: UnstructuredObject) => matcher.matches(metadata.labels);
  const [label] = Object.entries(selector.matchLabels ?? {});
  return label
    ? relatedBy(request, lookup, byLabel, labelKey(...label), matches)
    : relatedWhere(request, lookup, matches);
}

/** What the object's selector chooses in its namespace. */
function selected(field: string, to: string, description: string): Relation {
  const resolve: Relation['resolve'] = async (request, { object }, store) => {
    const { selector } = (object.spec ?? {}) as { selector?: LabelSelector };
    return selector ? chosenBy(request, { store, namespace: namespaceOf(object) }, selector) : [];
  };
  return { field, description, to, many: true, resolve };
}

const podsOfService: Relation = {
  field: 'pods',
  description: 'The Pods its selector chooses.',
  to: '/v1/pods',
  many: true,
  async resolve(request, { object }, store) {
    const matchLabels = (object as unknown as Service).spec?.selector ?? {};
    // A Service without a selector chooses nothing; an empty label selector would choose everything.
    if (Object.keys(matchLabels).length === 0) return [];
    return chosenBy(request, { store, namespace: namespaceOf(object) }, { matchLabels });
  },
};

const slicesOfService: Relation = {
  field: 'endpointSlices',
  description: 'Where its traffic goes.',
  to: 'discovery.k8s.io/v1/endpointslices',
  many: true,
  resolve: (request, { object }, store) =>
    relatedBy(
      request,
      { store, namespace: namespaceOf(object) },
      byLabel,
      labelKey('kubernetes.io/service-name', object.metadata.name ?? ''),
    ),
};

const podsOfNode: Relation = {
  field: 'pods',
  description: 'The Pods bound to it.',
  to: '/v1/pods',
  many: true,
  resolve: (request, { object }, store) =>
    relatedBy(request, { store, namespace: '' }, byNode, object.metadata.name ?? ''),
};

const nodeOfPod: Relation = {
  field: 'node',
  description: 'The Node it is bound to.',
  to: '/v1/nodes',
  many: false,
  async resolve(request, { object }, target) {
    const name = nodeNameOf(object);
    return name ? relatedOne(request, target, { namespace: '', name }) : [];
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
      const found = await relatedOne(request, store, { namespace, name });
      return found.filter((owner) => owner.object.metadata.uid === uid);
    }),
  );
  return owners.flat();
}

/** Everything in the object's namespace that names it as an owner, of every kind that may be listed. */
export async function ownedBy(request: GraphqlRequest, { object }: Located): Promise<readonly Located[]> {
  const owned = await Promise.all(
    request.registry
      .all()
      .filter(({ definition }) => definition.namespaced && definition.names.kind !== 'Event')
      .map((store) =>
        relatedBy(request, { store, namespace: namespaceOf(object) }, byOwner, object.metadata.uid ?? ''),
      ),
  );
  return owned.flat();
}

/** The Events about an object, newest last. */
export async function eventsAbout(request: GraphqlRequest, { object }: Located): Promise<readonly Located[]> {
  const store = request.registry.get('', 'v1', 'events');
  // Events about cluster-scoped objects are kept in the namespace default.
  const namespace = namespaceOf(object) || 'default';
  const { name, uid } = object.metadata;
  return relatedBy(request, { store, namespace }, byInvolved, aboutKey(object.kind, name), (event) => {
    const about = aboutOf(event);
    // Components that only know a Node's name use it as the uid.
    return !about.uid || about.uid === uid || about.uid === name;
  });
}
