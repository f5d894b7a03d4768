import type { ResourceDefinition, ServedKind } from '@binnacle/apis-registry';
import { compareVersions } from '@binnacle/machinery-meta';

/** What discovery shows of a kind. */
export type Discoverable = Omit<ServedKind, 'schema' | 'schemas'> & Pick<ResourceDefinition, 'storage'>;

export interface ServedVersion {
  readonly version: string;
  readonly definitions: readonly Discoverable[];
}

export interface ServedGroup {
  readonly group: string;
  /** The preferred version first. */
  readonly versions: readonly ServedVersion[];
}

/** In the order in which upstream lists the parts of a kind. */
export const byName = <T extends { readonly name: string }>(parts: readonly T[]): T[] =>
  [...parts].sort((left, right) => (left.name < right.name ? -1 : 1));

/** Of the groups of CustomResourceDefinitions. */
const LAST = { group: 1000, version: 100 };

const priorityOf = ({ priority = LAST }: Discoverable) => priority;

/** Those of one name together, in the order in which the names first appear. */
function gathered<K extends 'group' | 'version'>(kinds: readonly Discoverable[], by: K): Map<string, Discoverable[]> {
  const members = new Map<string, Discoverable[]>();
  for (const kind of kinds) {
    const known = members.get(kind[by]);
    if (known) known.push(kind);
    else members.set(kind[by], [kind]);
  }
  return members;
}

/** The highest that any of them has. */
const rankOf = (kinds: readonly Discoverable[], of: 'group' | 'version'): number =>
  Math.max(...kinds.map((kind) => priorityOf(kind)[of]));

function servedVersions(members: readonly Discoverable[]): ServedVersion[] {
  const versions = [...gathered(members, 'version')].sort(
    ([left, a], [right, b]) => rankOf(b, 'version') - rankOf(a, 'version') || compareVersions(left, right),
  );
  return versions.map(([version, definitions]) => ({ version, definitions }));
}

/**
 * Kinds arranged as discovery shows them: groups in the order in which clients look a short name up, those of equal
 * priority by name. Behaves as kube-aggregator's APIService priorities.
 */
export function servedGroups(definitions: readonly Discoverable[]): ServedGroup[] {
  const groups = [...gathered(definitions, 'group')].sort(
    ([left, a], [right, b]) => rankOf(b, 'group') - rankOf(a, 'group') || (left < right ? -1 : 1),
  );
  return groups.map(([group, members]) => ({ group, versions: servedVersions(members) }));
}
