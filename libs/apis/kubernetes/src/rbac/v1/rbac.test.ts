import type { KubeObject } from '@binnacle/machinery-meta';
import { describe, expect, it } from 'vitest';
import { type ResourceDefinition, rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import { type Binding, bindingPrinter } from './bindings.js';
import { clusterRoleBindings } from './cluster-role-binding/definition.js';
import { clusterRoles } from './cluster-role/definition.js';
import type { ClusterRole, PolicyRule, RoleRef, Subject } from './index.js';
import { roleBindings } from './role-binding/definition.js';
import { roles } from './role/definition.js';

const GROUP = 'rbac.authorization.k8s.io';
const object = <T extends object>(definition: ResourceDefinition, fields: T, name = 'reader'): T & KubeObject => ({
  apiVersion: `${GROUP}/v1`,
  kind: definition.names.kind,
  metadata: { name, ...(definition.namespaced && { namespace: 'ns' }) },
  ...fields,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a role', () => {
  const verbs = ['get'];
  const pods: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs };
  const paths: PolicyRule = { nonResourceURLs: ['/metrics'], verbs };
  const faults = (definition: ResourceDefinition, rules: object[]) =>
    texts(rehearseCreate(definition, object(definition, { rules })).errors);

  it.each<[reason: string, rules: object[], expected: string[]]>([
    ['may allow nothing', [], []],
    ['allows what it says', [pods, { ...pods, resourceNames: ['a'] }], []],
    [
      'of something',
      [{ verbs }],
      [
        'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
        'rules[0].resources: Required value: resource rules must supply at least one resource',
      ],
    ],
    [
      'to do something',
      [{ ...pods, verbs: [] }],
      ['rules[0].verbs: Required value: verbs must contain at least one value'],
    ],
    [
      'with objects or with paths',
      [{ ...pods, ...paths }],
      [
        'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: rules cannot apply to both regular resources and non-resource URLs',
      ],
    ],
  ])('%s', (_reason, rules, expected) => {
    expect(faults(clusterRoles, rules)).toEqual(expected);
  });

  it('of a namespace allows no paths', () => {
    expect(faults(roles, [pods])).toEqual([]);
    expect(faults(roles, [paths])).toEqual([
      'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: namespaced rules cannot apply to non-resource URLs',
    ]);
  });

  it.each([clusterRoles, roles])('has any name that fits into a path', (definition) => {
    const named = (name: string) => texts(rehearseCreate(definition, object(definition, {}, name)).errors);
    expect(named('system:Node Reader')).toEqual([]);
    expect(named('a/b')).toEqual(['metadata.name: Invalid value: "a/b": may not contain \'/\'']);
  });

  it('is gathered from others', () => {
    const gathered = (clusterRoleSelectors: object[]) =>
      texts(
        rehearseCreate(clusterRoles, object(clusterRoles, { aggregationRule: { clusterRoleSelectors } }) as ClusterRole)
          .errors,
      );
    expect(gathered([{ matchLabels: { a: 'b' } }])).toEqual([]);
    expect(gathered([])).toEqual([
      'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
    ]);
    expect(gathered([{ matchExpressions: [{ key: 'a', operator: 'Like' }] }])).toEqual([
      'aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
      'aggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.',
    ]);
  });
});

describe('a binding', () => {
  const user: Subject = { kind: 'User', name: 'jane', apiGroup: GROUP };
  const account: Subject = { kind: 'ServiceAccount', name: 'default', namespace: 'ns' };
  const roleRef: RoleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: 'view' };
  const binding = (definition: ResourceDefinition, ref: object = roleRef, subjects: object[] = [user]) =>
    object(definition, { roleRef: ref, subjects }) as Binding;
  const faults = (definition: ResourceDefinition, ref?: object, subjects?: object[]) =>
    texts(rehearseCreate(definition, binding(definition, ref, subjects)).errors);

  it('is of this group, and so are users and groups', () => {
    const subjects = [{ kind: 'User', name: 'jane' }, { kind: 'Group', name: 'devs' }, account];
    const { object: made, errors } = rehearseCreate(
      roleBindings,
      binding(roleBindings, { kind: 'Role', name: 'a' }, subjects),
    );
    expect(errors).toEqual([]);
    expect(made).toMatchObject({
      roleRef: { apiGroup: GROUP },
      subjects: [{ apiGroup: GROUP }, { apiGroup: GROUP }, account],
    });
    expect(made.subjects?.[2]).not.toHaveProperty('apiGroup');
  });

  it.each<[reason: string, ref: object, expected: string[]]>([
    [
      'is of a role',
      { apiGroup: 'other', kind: 'Pod' },
      [
        `roleRef.apiGroup: Unsupported value: "other": supported values: "${GROUP}"`,
        'roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"',
        'roleRef.name: Required value',
      ],
    ],
    ['that has a name', { kind: 'Role', name: 'a%b' }, ['roleRef.name: Invalid value: "a%b": may not contain \'%\'']],
  ])('%s', (_reason, ref, expected) => {
    expect(faults(roleBindings, ref)).toEqual(expected);
  });

  it('for the whole cluster is of a ClusterRole, to accounts of a namespace', () => {
    expect(faults(clusterRoleBindings, { kind: 'Role', name: 'a' }, [{ kind: 'ServiceAccount', name: 'x' }])).toEqual([
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
      'subjects[0].namespace: Required value',
    ]);
    expect(faults(roleBindings, roleRef, [{ kind: 'ServiceAccount', name: 'x' }])).toEqual([]);
  });

  it.each<[reason: string, subject: object, expected: string[]]>([
    ['has a name', { kind: 'User' }, ['subjects[0].name: Required value']],
    [
      'is of a known kind',
      { kind: 'Robot', name: 'x' },
      ['subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"'],
    ],
    [
      'is a user of this group',
      { ...user, apiGroup: 'other' },
      [`subjects[0].apiGroup: Unsupported value: "other": supported values: "${GROUP}"`],
    ],
    [
      'is an account of none',
      { ...account, apiGroup: GROUP, name: 'A' },
      [
        expect.stringContaining('subjects[0].name: Invalid value: "A"'),
        `subjects[0].apiGroup: Unsupported value: "${GROUP}": supported values: ""`,
      ],
    ],
  ])('who it is for %s', (_reason, subject, expected) => {
    expect(faults(roleBindings, roleRef, [subject])).toEqual(expected);
  });

  it('keeps its role', () => {
    const { object: old } = rehearseCreate(roleBindings, binding(roleBindings));
    const next = binding(roleBindings, { ...roleRef, name: 'admin' }, [account]);
    expect(texts(rehearseUpdate(roleBindings, next, old).errors)).toEqual([
      `roleRef: Invalid value: {"APIGroup":"${GROUP}","Kind":"ClusterRole","Name":"admin"}: cannot change roleRef`,
    ]);
    expect(rehearseUpdate(roleBindings, binding(roleBindings, roleRef, [account]), old).errors).toEqual([]);
  });

  it('is printed with whom it is for', () => {
    const subjects = [user, { kind: 'Group', name: 'devs' }, account, { ...user, name: 'joe' }];
    const row = bindingPrinter.row(binding(roleBindings, roleRef, subjects), 0);
    expect([row[1], ...row.slice(3)]).toEqual(['ClusterRole/view', 'jane, joe', 'devs', 'ns/default']);
  });
});
