import { clusterPrefix, DEFAULT_CLUSTER, isNotFound } from '@binnacle/machinery-meta';
import { call } from './http.js';
import { type Resource, ResourceIndex } from './resources.js';

interface DiscoveredResource {
  resource: string;
  responseKind?: { group?: string; version?: string; kind: string };
  scope: 'Namespaced' | 'Cluster';
  verbs: string[];
  shortNames?: string[];
  subresources?: { subresource: string }[];
}

/** Aggregated discovery, as `/api` and `/apis` answer it. */
export interface DiscoveryList {
  items?: { metadata: { name?: string }; versions?: { version: string; resources?: DiscoveredResource[] }[] }[];
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

function toResource(group: string, version: string, found: DiscoveredResource): Resource {
  return {
    group,
    version,
    resource: found.resource,
    kind: found.responseKind?.kind ?? found.resource,
    namespaced: found.scope === 'Namespaced',
    verbs: found.verbs,
    shortNames: found.shortNames ?? [],
    subresources: (found.subresources ?? []).map((entry) => entry.subresource),
  };
}

/** Flattens discovery; of a kind served in several versions the first, which the server prefers, stays. */
export function readDiscovery(lists: readonly DiscoveryList[]): Resource[] {
  const found = new Map<string, Resource>();
  for (const group of lists.flatMap((list) => list.items ?? [])) {
    for (const { version, resources = [] } of group.versions ?? []) {
      for (const entry of resources) {
        const key = `${group.metadata.name ?? ''}/${entry.resource}`;
        if (!found.has(key)) found.set(key, toResource(group.metadata.name ?? '', version, entry));
      }
    }
  }
  return [...found.values()];
}

/** Kinds are told of any name; only a read tells whether there is such a cluster. Rejects with NotFound where there is none. */
async function requireCluster(cluster: string, signal: AbortSignal | undefined): Promise<void> {
  if (cluster === DEFAULT_CLUSTER) return;
  try {
    await call(`${clusterPrefix(cluster)}/api/v1/namespaces?limit=1`, signal ? { signal } : {});
  } catch (error) {
    // Whoever may not read Namespaces may read something else.
    if (isNotFound(error)) throw error;
  }
}

/** What a cluster serves. Rejects with NotFound where there is no such cluster. */
export async function fetchResources(cluster: string, signal?: AbortSignal): Promise<ResourceIndex> {
  const prefix = clusterPrefix(cluster);
  const options = { accept: AGGREGATED, ...(signal && { signal }) };
  const [core, groups] = await Promise.all([
    call<DiscoveryList>(`${prefix}/api`, options),
    call<DiscoveryList>(`${prefix}/apis`, options),
    requireCluster(cluster, signal),
  ]);
  return new ResourceIndex(readDiscovery([core, groups]));
}
