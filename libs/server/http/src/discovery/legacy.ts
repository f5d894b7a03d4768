import { createHash } from 'node:crypto';
import { byName, type Discoverable, type ServedGroup, type ServedVersion } from './group-order.js';

const groupVersion = (group: string, version: string): string => (group ? `${group}/${version}` : version);

/** The answer of `/api`. */
export function apiVersions(serverAddress: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

function apiGroup({ group, versions }: ServedGroup): object {
  const all = versions.map(({ version }) => ({ groupVersion: groupVersion(group, version), version }));
  return { name: group, versions: all, preferredVersion: all[0] };
}

/** The answer of `/apis`. */
export function apiGroupList(groups: readonly ServedGroup[]): object {
  const named = groups.filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) };
}

/** The answer of `/apis/<group>`. */
export function singleGroup(group: ServedGroup): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) };
}

const HASH_BYTES = 8;

/** With the slash that the core's versions have here. */
const formatted = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion : `/${apiVersion}`);

/** Tells in which form objects are kept, without saying it. Behaves as kubernetes apiserver StorageVersionHash. */
function storageVersionHash({ group, version, names, storage }: Discoverable): string {
  const kept = storage ? formatted(storage.apiVersion) : `${group}/${version}`;
  return createHash('sha256').update(`${kept}/${names.kind}`).digest().subarray(0, HASH_BYTES).toString('base64');
}

function resourceEntries(definition: Discoverable): object[] {
  const { names, namespaced, verbs, subresources } = definition;
  const isKept = verbs.includes('update');
  const main = {
    name: names.plural,
    singularName: names.singular,
    namespaced,
    kind: names.kind,
    verbs,
    ...(names.shortNames.length > 0 && { shortNames: names.shortNames }),
    ...(names.categories.length > 0 && { categories: names.categories }),
    ...(isKept && { storageVersionHash: storageVersionHash(definition) }),
  };
  const children = byName(subresources).map(({ name, verbs: subVerbs, gvk }) => ({
    name: `${names.plural}/${name}`,
    singularName: '',
    namespaced,
    ...(gvk && { group: gvk.group, version: gvk.version }),
    kind: gvk?.kind ?? names.kind,
    verbs: subVerbs,
  }));
  return [main, ...children];
}

/** The answer of `/api/v1` and `/apis/<group>/<version>`. */
export function apiResourceList(group: string, { version, definitions }: ServedVersion): object {
  return {
    kind: 'APIResourceList',
    ...(group && { apiVersion: 'v1' }),
    groupVersion: groupVersion(group, version),
    resources: definitions.flatMap(resourceEntries),
  };
}
