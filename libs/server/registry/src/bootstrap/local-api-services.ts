import { reviewKinds } from '@binnacle/apis-kubernetes/kinds';
import type { ServedKind } from '@binnacle/apis-registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';

/** Says that the server keeps the object itself, and when it looks: where it starts. */
const AUTOMANAGED = { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' };

function apiService({ group, version, priority }: ServedKind): UnstructuredObject[] {
  if (!priority) return [];
  return [
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `${version}.${group}`, labels: AUTOMANAGED },
      spec: {
        ...(group && { group }),
        version,
        groupPriorityMinimum: priority.group,
        versionPriority: priority.version,
      },
    },
  ];
}

/** An APIService for every version of a group that the server answers itself. Behaves as kubernetes pkg/controlplane/apiserver. */
export function localApiServices(kinds: readonly ServedKind[]): UnstructuredObject[] {
  const versions = new Map([...kinds, ...reviewKinds].map((kind) => [`${kind.version}.${kind.group}`, kind]));
  // The aggregator does not list itself.
  versions.delete('v1.apiregistration.k8s.io');
  return [...versions.values()].flatMap(apiService);
}
