import type { RelationDefinition } from '@binnacle/apis-registry';
import { type LabelSelector, parseApiVersion, type UnstructuredObject } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { ResourceStores, ResourceStore } from '@binnacle/server-registry';
import type { StoredObject } from '@binnacle/server-storage';
import { type Lookup, relatedAmong, relatedBy, relatedByFields, relatedOne, relatedWhere } from '../related-objects.js';
import type { Found, GraphqlRequest, Located } from '../request.js';
import { aboutKey, aboutUidOf, byController, byField, byInvolved, byLabel, byOwner, labelKey } from './indexes.js';

const namespaceOf = (object: UnstructuredObject): string => object.metadata.namespace ?? '';

/** Where objects of a kind are that an object leads to. */
const namespaceBeside = (object: UnstructuredObject, { definition }: ResourceStore): string =>
  definition.namespaced ? namespaceOf(object) : '';

/** What a selector chooses, by the index of its first label where it has one. */
function chosenBy(request: GraphqlRequest, lookup: Lookup, selector: LabelSelector): Promise<Found[]> {
  const matcher = matcherFromLabelSelector(selector);
  const matches = ({ attributes }: StoredObject) => matcher.matches(attributes.labels);
  const [label] = Object.entries(selector.matchLabels ?? {});
  return label
    ? relatedBy(request, lookup, { by: byLabel, key: labelKey(...label) }, matches)
    : relatedWhere(request, lookup, matches);
}

/** What a relation leads to from an object. */
export async function follow(
  request: GraphqlRequest,
  { find }: RelationDefinition,
  { object }: Located,
  store: ResourceStore,
): Promise<readonly (Found | Located)[]> {
  const lookup = { store, namespace: namespaceBeside(object, store) };
  const { name: ownName = '', uid = '' } = object.metadata;
  switch (find.by) {
    case 'controller':
      return relatedBy(request, lookup, { by: byController, key: uid });
    case 'label':
      return relatedBy(request, lookup, { by: byLabel, key: labelKey(find.label, ownName) });
    case 'field':
      return relatedBy(request, lookup, { by: byField(find.field), key: ownName });
    case 'selector': {
      const selector = find.of(object);
      return selector ? chosenBy(request, lookup, selector) : [];
    }
    case 'fields':
      return relatedByFields(request, lookup, find.of(object));
    case 'name': {
      const name = find.of(object);
      return name ? relatedOne(request, store, { namespace: lookup.namespace, name }) : [];
    }
  }
}

/** The store of a kind that an owner reference names, in any version that is served. */
export function storeOfKind(stores: ResourceStores, apiVersion: string, kind: string): ResourceStore | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  const versions = stores
    .all()
    .filter(({ definition }) => definition.group === group && definition.names.kind === kind);
  return versions.find(({ definition }) => definition.version === version) ?? versions[0];
}

/** The owners an object names that are still there. */
export async function ownersOf(request: GraphqlRequest, { object }: Located): Promise<readonly Located[]> {
  const owners = await Promise.all(
    (object.metadata.ownerReferences ?? []).map(async ({ apiVersion, kind, name, uid }) => {
      const store = storeOfKind(request.stores, apiVersion, kind);
      if (!store) return [];
      const namespace = store.definition.namespaced ? namespaceOf(object) : '';
      const found = await relatedOne(request, store, { namespace, name });
      return found.filter((owner) => owner.object.metadata.uid === uid);
    }),
  );
  return owners.flat();
}

/** The kinds of which an object may own some. */
export const ownable = (stores: ResourceStores): readonly ResourceStore[] =>
  stores.all().filter(({ definition }) => definition.namespaced && definition.names.kind !== 'Event');

/** Everything in the object's namespace that names it as an owner, of every kind that may be listed. */
export function ownedBy(request: GraphqlRequest, { object }: Located): Promise<readonly Found[]> {
  const among = { stores: ownable(request.stores), namespace: namespaceOf(object) };
  return relatedAmong(request, among, { by: byOwner, key: object.metadata.uid ?? '' });
}

/** The Events about an object, newest last. */
export async function eventsAbout(request: GraphqlRequest, { object }: Located): Promise<readonly Found[]> {
  const store = request.stores.get('', 'v1', 'events');
  // Events about cluster-scoped objects are kept in the namespace default.
  const namespace = namespaceOf(object) || 'default';
  const { name, uid } = object.metadata;
  const index = { by: byInvolved, key: aboutKey(object.kind, name) };
  return relatedBy(request, { store, namespace }, index, (event) => {
    const about = aboutUidOf(event);
    // Components that only know a Node's name use it as the uid.
    return !about || about === uid || about === name;
  });
}
