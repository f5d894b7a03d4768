import type { ClusterRole, PolicyRule, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import type { ObjectMeta } from '@binnacle/machinery-meta';

export type Labels = Readonly<Record<string, string>>;

const GROUP = 'rbac.authorization.k8s.io';

/** Says that it is the server's own, and follows it. */
export function withMeta(metadata: ObjectMeta, labels: Labels = {}): ObjectMeta {
  return {
    ...metadata,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
}

export function clusterRole(name: string, rules: PolicyRule[], labels?: Labels): ClusterRole {
  return { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata: withMeta({ name }, labels), rules };
}

/** A subject of its line: `group:<name>`, `user:<name>` or `account:<namespace>/<name>`. */
export function subjectOf(line: string): Subject {
  const [, kind = '', name = ''] = /^(\w+):(.*)$/.exec(line) ?? [];
  if (kind === 'account') {
    const [namespace = '', account = ''] = name.split('/');
    return { kind: 'ServiceAccount', name: account, namespace };
  }
  return { apiGroup: GROUP, kind: kind === 'group' ? 'Group' : 'User', name };
}
