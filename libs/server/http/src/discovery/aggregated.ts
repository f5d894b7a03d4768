import { byName, type Discoverable, type ServedGroup, type ServedVersion } from './group-order.js';

/** What the answer's Content-Type must repeat, or clients take it for the older form. */
export const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

type Kind = { group: string; version: string; kind: string };

function resourceDiscovery(definition: Discoverable): object {
  const { group, version, names, namespaced, verbs, subresources } = definition;
  const responseKind: Kind = { group, version, kind: names.kind };
  const children = byName(subresources).map(({ name, verbs: subVerbs, gvk }) => ({
    subresource: name,
    responseKind: gvk ?? responseKind,
    verbs: subVerbs,
  }));
  return {
    resource: names.plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: names.singular,
    verbs,
    ...(names.shortNames.length > 0 && { shortNames: names.shortNames }),
    ...(names.categories.length > 0 && { categories: names.categories }),
    ...(children.length > 0 && { subresources: children }),
  };
}

const versionDiscovery = ({ version, definitions }: ServedVersion): object => ({
  version,
  resources: definitions.map(resourceDiscovery),
  freshness: 'Current',
});

/** The answer of `/api` or `/apis` where a client asks for everything at once. */
export function groupDiscoveryList(groups: readonly ServedGroup[]): object {
  const items = groups.map(({ group, versions }) => ({
    metadata: group ? { name: group } : {},
    versions: versions.map(versionDiscovery),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}
