import type { ApiTarget, RightHolder, UnstructuredObject } from '@binnacle/web-data';
import { randomSuffix } from './random-suffix.js';

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;

/** What somebody is to be given. */
export interface Grant {
  readonly cluster: string;
  /** The role was chosen before, and its cluster with it. */
  readonly isFixed: boolean;
  /** Empty: in the whole cluster. */
  readonly namespace: string;
  readonly role: { readonly kind: string; readonly name: string } | undefined;
  readonly subject: RightHolder;
}

/** A role in one word: names have no blanks. */
export const roleKey = (kind: string, name: string): string => `${kind} ${name}`;

/** As what bindings name a person or a team. */
export function subjectOf({ kind, metadata: { name = '' } }: UnstructuredObject): RightHolder {
  return kind === 'Team' ? { kind: 'Group', name: `team:${name}` } : { kind: 'User', name };
}

const LONGEST = 200;

/** A name that says what it is about; the end tells it from others that are about the same. */
export function bindingName({ role, subject }: Grant, suffix: string): string {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replaceAll(/^[.-]+|[.-]+$/g, '');
  return `${[plain(role?.name ?? ''), plain(subject.name)].filter(Boolean).join('-').slice(0, LONGEST)}-${suffix}`;
}

/** The binding to be made, and where. */
export function grantBinding(grant: Grant): { target: ApiTarget; body: object } {
  const { cluster, namespace, role, subject } = grant;
  const resource = namespace ? 'rolebindings' : 'clusterrolebindings';
  const name = bindingName(grant, randomSuffix());
  return {
    target: { cluster, ...RBAC, resource, ...(namespace && { namespace }) },
    body: {
      apiVersion: `${RBAC.group}/${RBAC.version}`,
      kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
      metadata: { name, ...(namespace && { namespace }) },
      subjects: [{ kind: subject.kind, name: subject.name.trim(), apiGroup: RBAC.group }],
      roleRef: { apiGroup: RBAC.group, kind: role?.kind, name: role?.name },
    },
  };
}

/** The same with kubectl. */
export function grantCommand(grant: Grant): string {
  const { namespace, role, subject } = grant;
  const kind = namespace ? 'rolebinding' : 'clusterrolebinding';
  const flags = [
    `--${role?.kind === 'Role' ? 'role' : 'clusterrole'}=${role?.name ?? ''}`,
    `--${subject.kind === 'User' ? 'user' : 'group'}=${subject.name.trim()}`,
    namespace && `-n ${namespace}`,
  ];
  return ['kubectl create', kind, bindingName(grant, 'x'), ...flags].filter(Boolean).join(' ');
}
