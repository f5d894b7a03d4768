import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from '@binnacle/apis-kubernetes/rbac/v1';
import {
  clusterSubjects,
  componentRoles,
  controllerRoles,
  namespaceRoles,
  namespaceSubjects,
  peopleRoles,
  type RuleLines,
  rulesOf,
  type SubjectLines,
} from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import { memberRules, ownKindRules } from '../../member-rules.js';
import { clusterRole, type Labels, subjectOf, withMeta } from './objects.js';
import { programNamespaceRoles, programNamespaceSubjects, programRoles, programSubjects } from './own-roles.js';

/** The roles and bindings every logical cluster has. */
export interface BootstrapPolicy {
  readonly clusterRoles: readonly ClusterRole[];
  readonly clusterRoleBindings: readonly ClusterRoleBinding[];
  readonly roles: readonly Role[];
  readonly roleBindings: readonly RoleBinding[];
}

const GROUP = 'rbac.authorization.k8s.io';
const API = `${GROUP}/v1`;
const CONTROLLER = 'system:controller:';
const CONTROLLER_MANAGER = 'user:system:kube-controller-manager';
const AGGREGATE = `${GROUP}/aggregate-to-`;

const aggregatedTo = (role: string): Labels => ({ [`${AGGREGATE}${role}`]: 'true' });

/** Of roles that are made of others. */
const AGGREGATED: Readonly<Record<string, Labels | undefined>> = {
  admin: undefined,
  edit: aggregatedTo('admin'),
  view: aggregatedTo('edit'),
};

function aggregatedRoles(): ClusterRole[] {
  return Object.entries(AGGREGATED).map(([name, labels]) => {
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: aggregatedTo(name) }] };
    return { ...clusterRole(name, [], labels), aggregationRule };
  });
}

/** A role that says itself which it is a part of. */
function partLabels(name: string): Labels | undefined {
  const [, role] = /^(?:system|binnacle):aggregate-to-(.+)$/.exec(name) ?? [];
  return role === undefined ? undefined : aggregatedTo(role);
}

const rolesOf = (lines: RuleLines, prefix = ''): ClusterRole[] =>
  Object.entries(lines).map(([name, rules]) => clusterRole(`${prefix}${name}`, rulesOf(rules), partLabels(name)));

/** What those may who were members before there were roles, and whoever is bound to `view` or `edit` of our own kinds. */
function memberRoles(): ClusterRole[] {
  const own: [string, PolicyRule[]][] = [
    ['binnacle:viewer', memberRules('view')],
    ['binnacle:editor', memberRules('edit')],
    ['binnacle:aggregate-to-view', ownKindRules('view')],
  ];
  return own.map(([name, rules]) => clusterRole(name, rules, partLabels(name)));
}

const memberSubjects: SubjectLines = {
  'binnacle:viewer': ['group:binnacle:viewers'],
  'binnacle:editor': ['group:binnacle:editors'],
  // Which custom kinds they see is for those kinds to say.
  view: ['group:binnacle:viewers', 'group:binnacle:editors'],
};

/**
 * Here one program is all controllers, and is bound to what each of them needs. Upstream binds an account of kube-system to
 * each, which whoever may create Pods there could use.
 */
const controllerSubjects: SubjectLines = Object.fromEntries(
  Object.keys(controllerRoles).map((name) => [`${CONTROLLER}${name}`, [CONTROLLER_MANAGER]]),
);

function bindingsOf(lines: SubjectLines): ClusterRoleBinding[] {
  return Object.entries(lines).map(([role, subjects]) => ({
    apiVersion: API,
    kind: 'ClusterRoleBinding',
    metadata: withMeta({ name: bindingName(role) }),
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
    ...(subjects.length > 0 && { subjects: subjects.map(subjectOf) }),
  }));
}

/** What is bound to roles for people to be bound to has a name of its own, which they do not take. */
const bindingName = (role: string): string => (role === 'view' ? 'binnacle:members-view' : role);

function namespaced<T>(
  lines: Readonly<Record<string, T>>,
  own: T,
): [namespace: string, name: string, value: string[]][] {
  const all = Object.entries({ ...lines, 'kube-system': { ...lines['kube-system'], ...own } });
  return all.flatMap(([namespace, byName]) =>
    Object.entries(byName as Readonly<Record<string, string[]>>).map(([name, value]): [string, string, string[]] => [
      namespace,
      name,
      value,
    ]),
  );
}

function rolesInNamespaces(): Role[] {
  return namespaced(namespaceRoles, programNamespaceRoles).map(([namespace, name, rules]) => ({
    apiVersion: API,
    kind: 'Role',
    metadata: withMeta({ name, namespace }),
    rules: rulesOf(rules),
  }));
}

function bindingsInNamespaces(): RoleBinding[] {
  return namespaced(namespaceSubjects, programNamespaceSubjects).map(([namespace, role, subjects]) => ({
    apiVersion: API,
    kind: 'RoleBinding',
    metadata: withMeta({ name: role.includes(':') ? role : `system::${role}`, namespace }),
    roleRef: { apiGroup: GROUP, kind: 'Role', name: role },
    subjects: subjects.map(subjectOf),
  }));
}

let policy: BootstrapPolicy | undefined;

/** Behaves as kubernetes bootstrappolicy, with what Binnacle's programs and members have besides. */
export function bootstrapPolicy(): BootstrapPolicy {
  policy ??= {
    clusterRoles: [
      ...aggregatedRoles(),
      ...rolesOf(peopleRoles),
      ...rolesOf(componentRoles),
      ...rolesOf(controllerRoles, CONTROLLER),
      ...rolesOf(programRoles),
      ...memberRoles(),
    ],
    clusterRoleBindings: [clusterSubjects, controllerSubjects, programSubjects, memberSubjects].flatMap(bindingsOf),
    roles: rolesInNamespaces(),
    roleBindings: bindingsInNamespaces(),
  };
  return policy;
}
