import type { Discoverable } from '../reviews.js';

/** Groups in the order in which clients look a short name up. Behaves as kube-apiserver's APIService priorities. */
const ORDER = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

export interface ServedVersion {
  readonly version: string;
  readonly definitions: readonly Discoverable[];
}

export interface ServedGroup {
  readonly group: string;
  /** The preferred version first. */
  readonly versions: readonly ServedVersion[];
}

function rank(group: string): number {
  const at = ORDER.indexOf(group);
  return at < 0 ? ORDER.length : at;
}

/** The table of definitions, arranged as discovery shows it. */
export function servedGroups(definitions: readonly Discoverable[]): ServedGroup[] {
  const groups = [...new Set(definitions.map(({ group }) => group))].sort((a, b) => rank(a) - rank(b));
  return groups.map((group) => {
    const members = definitions.filter((definition) => definition.group === group);
    const versions = [...new Set(members.map(({ version }) => version))];
    return {
      group,
      versions: versions.map((version) => ({
        version,
        definitions: members.filter((definition) => definition.version === version),
      })),
    };
  });
}
