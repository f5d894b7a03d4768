import type { KubeObject } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isPathSegmentName,
  nameIsDnsSubdomain,
  nameIsPathSegment,
  notSupported,
  required,
  semanticEqual,
} from '@binnacle/machinery-validation';
import {
  ageColumn,
  ageOf,
  column,
  each,
  nameColumn,
  nameOf,
  present,
  type TablePrinter,
  validateMeta,
  wellFormed,
  wide,
  validateSupported,
} from '@binnacle/apis-registry';
import type { RoleRef, Subject } from './index.js';

/** What RoleBindings and ClusterRoleBindings share. */
export interface Binding extends KubeObject {
  roleRef: RoleRef;
  subjects?: Subject[];
}

const GROUP = 'rbac.authorization.k8s.io';
const KINDS = ['ServiceAccount', 'User', 'Group'];
const ROLE = fieldPath('roleRef');

/** Behaves as kubernetes pkg/apis/rbac/v1 SetDefaults_RoleBinding. */
export function applyBindingDefaults(binding: Binding): void {
  binding.roleRef ??= {} as RoleRef;
  binding.roleRef.apiGroup ||= GROUP;
  for (const subject of binding.subjects ?? [])
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= GROUP;
}

function validateRole({ apiGroup = '', kind = '', name }: Partial<RoleRef>, kinds: readonly string[]): FieldError[] {
  return [
    ...(apiGroup === GROUP ? [] : [notSupported(ROLE.child('apiGroup'), apiGroup, [GROUP])]),
    ...validateSupported(kind, ROLE.child('kind'), kinds),
    ...wellFormed(name, ROLE.child('name'), isPathSegmentName),
  ];
}

function validateAccount({ name, apiGroup, namespace }: Subject, namespaced: boolean, path: FieldPath): FieldError[] {
  return [
    ...(name ? invalidEach(path.child('name'), name, nameIsDnsSubdomain(name, false)) : []),
    ...(apiGroup ? [notSupported(path.child('apiGroup'), apiGroup, [''])] : []),
    ...(namespaced || namespace ? [] : [required(path.child('namespace'))]),
  ];
}

function validateSubject(subject: Subject, namespaced: boolean, path: FieldPath): FieldError[] {
  const { kind = '', name, apiGroup = '' } = subject;
  const errors = present(name, path.child('name'));
  if (kind === 'ServiceAccount') return [...errors, ...validateAccount(subject, namespaced, path)];
  if (!KINDS.includes(kind)) return [...errors, notSupported(path.child('kind'), kind, KINDS)];
  return apiGroup === GROUP ? errors : [...errors, notSupported(path.child('apiGroup'), apiGroup, [GROUP])];
}

/** Behaves as kubernetes ValidateRoleBinding and ValidateClusterRoleBinding: the latter binds roles of one kind only. */
export function validateBinding(binding: Binding, namespaced: boolean): FieldError[] {
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  return [
    ...validateMeta(binding, namespaced, nameIsPathSegment),
    ...validateRole(binding.roleRef ?? {}, kinds),
    ...each(binding.subjects, fieldPath('subjects'), (subject, at) => validateSubject(subject, namespaced, at)),
  ];
}

export function validateBindingUpdate({ roleRef: next }: Binding, { roleRef: old }: Binding): FieldError[] {
  // As upstream prints its own structure, which has no JSON names.
  const { apiGroup: APIGroup, kind: Kind, name: Name } = next;
  return semanticEqual(next, old) ? [] : [invalid(ROLE, { APIGroup, Kind, Name }, 'cannot change roleRef')];
}

const namesOf = (subjects: readonly Subject[] | undefined, kind: string): string =>
  (subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ');

export const bindingPrinter: TablePrinter<Binding> = {
  columns: [
    nameColumn,
    column('Role', 'What it allows.'),
    ageColumn,
    wide('Users', 'Users it allows that.'),
    wide('Groups', 'Groups it allows that.'),
    wide('ServiceAccounts', 'Accounts it allows that, with their namespaces.'),
  ],
  row: (binding, now) => [
    nameOf(binding),
    `${binding.roleRef?.kind ?? ''}/${binding.roleRef?.name ?? ''}`,
    ageOf(binding, now),
    namesOf(binding.subjects, 'User'),
    namesOf(binding.subjects, 'Group'),
    namesOf(binding.subjects, 'ServiceAccount'),
  ],
};
