import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DECISIONS_PATH } from '@binnacle/apis-kubernetes/decisions/record';
import type { PolicyRule, Role, RoleBinding, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import { rulesOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import { describe, expect, test } from 'vitest';
import { uncovered } from '../covers.js';
import { bootstrapPolicy } from './policy.js';

/** What kube-apiserver 1.36.3 makes, condensed: a digest of each role's rules, and who is bound to what. */
const upstream = (name: string) =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
const policy = bootstrapPolicy();

const nameOf = ({ metadata: { namespace, name } }: Pick<Role, 'metadata'>) =>
  namespace ? `${namespace}/${name ?? ''}` : (name ?? '');
const isOwn = ({ metadata: { name = '' } }: Pick<Role, 'metadata'>) => name.startsWith('binnacle:');

function digest(rules: readonly PolicyRule[]): string {
  const plain = rules.map(({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs }) => [
    apiGroups,
    resources,
    resourceNames,
    nonResourceURLs,
    verbs,
  ]);
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex').slice(0, 10);
}

const subjectText = ({ kind, namespace, name }: Subject) => `${kind[0]}=${namespace ? `${namespace}/` : ''}${name}`;

function bindingText(binding: RoleBinding): string {
  const subjects = (binding.subjects ?? []).map(subjectText).sort();
  return `${nameOf(binding)} ${binding.roleRef.kind}/${binding.roleRef.name} ${subjects.join(',')}`.trimEnd();
}

test('roles of upstream are as upstream has them', () => {
  const ours = [...policy.clusterRoles, ...policy.roles].filter((role) => !isOwn(role));
  const lines = ours.map((role) => `${nameOf(role)} ${digest(role.rules ?? [])}`);
  expect(lines.sort()).toEqual(upstream('upstream-roles.txt').sort());
});

test('bindings are those of upstream, besides those of controllers and our own', () => {
  const bindings = [...policy.clusterRoleBindings, ...policy.roleBindings].filter((binding) => !isOwn(binding));
  const lines = bindings.map(bindingText).filter((line) => !line.startsWith('system:controller:'));
  const asking = ['cloud-controller-manager', 'ingress-controller', 'kube-dns', 'kube-proxy'].map(
    (name) => `U=system:${name}`,
  );
  const own = `system:auth-delegator ClusterRole/system:auth-delegator ${asking.join()}`;
  expect(lines.sort()).toEqual([...upstream('upstream-bindings.txt'), own].map((line) => line.trimEnd()).sort());
});

test('every binding is of a role that is there, and everything follows the server', () => {
  const names = new Set([...policy.clusterRoles, ...policy.roles].map(nameOf));
  for (const { metadata, roleRef } of [...policy.clusterRoleBindings, ...policy.roleBindings]) {
    const place = roleRef.kind === 'Role' ? `${metadata.namespace ?? ''}/` : '';
    expect(names).toContain(`${place}${roleRef.name}`);
  }
  for (const { metadata } of Object.values(policy).flat()) {
    expect(metadata.labels).toMatchObject({ 'kubernetes.io/bootstrapping': 'rbac-defaults' });
    expect(metadata.annotations).toEqual({ 'rbac.authorization.kubernetes.io/autoupdate': 'true' });
  }
});

test('no account of a namespace is bound to what a controller may do', () => {
  const subjects = policy.clusterRoleBindings
    .filter(({ metadata: { name = '' } }) => name.startsWith('system:controller:'))
    .flatMap((binding) => binding.subjects ?? []);
  expect(new Set(subjects.map(subjectText))).toEqual(new Set(['U=system:kube-controller-manager']));
});

/** What a subject may do by bindings of the whole cluster, and of kube-system. */
function rulesFor(line: string): PolicyRule[] {
  const bindings = [...policy.clusterRoleBindings, ...policy.roleBindings];
  const roles = new Map([...policy.clusterRoles, ...policy.roles].map((role) => [nameOf(role), role.rules ?? []]));
  return bindings
    .filter(({ subjects = [] }) => subjects.some((subject) => subjectText(subject) === line))
    .flatMap(({ metadata, roleRef }) => {
      const place = roleRef.kind === 'Role' ? `${metadata.namespace ?? ''}/` : '';
      return roles.get(`${place}${roleRef.name}`) ?? [];
    });
}

/** By line of a subject; rules in lines, as bootstrap roles are written. */
const BEFORE: [string, string[]][] = [
  [
    'U=system:kube-scheduler',
    [
      'tell core,events.k8s.io events',
      'get,watch /clusters',
      'create,list,watch coordination.k8s.io leases',
      'get,update,patch coordination.k8s.io leases kube-scheduler',
      `post ${DECISIONS_PATH}`,
      'read core nodes,namespaces,services,replicationcontrollers',
      'read,delete core pods',
      'create core bindings,pods/binding,pods/eviction',
      'patch,update core pods/status',
      'read apps replicasets,statefulsets',
      'read policy poddisruptionbudgets',
      'read,patch,update core persistentvolumes,persistentvolumeclaims',
      'read storage.k8s.io storageclasses,volumeattributesclasses,csinodes,csidrivers,volumeattachments,csistoragecapacities',
      'read resource.k8s.io deviceclasses,resourceslices',
      'read,create,update,patch,delete resource.k8s.io resourceclaims',
      'update,patch resource.k8s.io resourceclaims/status',
      'create authentication.k8s.io tokenreviews',
      'create authorization.k8s.io subjectaccessreviews',
    ],
  ],
  [
    'U=system:kube-proxy',
    [
      'tell core,events.k8s.io events',
      'get,watch /clusters',
      'create,list,watch coordination.k8s.io leases',
      'get,update,patch coordination.k8s.io leases kube-proxy',
      'list,watch core services,endpoints',
      'read core nodes',
      'list,watch discovery.k8s.io endpointslices',
      'list,watch networking.k8s.io servicecidrs',
      'create authentication.k8s.io tokenreviews',
      'create authorization.k8s.io subjectaccessreviews',
    ],
  ],
  [
    'U=system:kube-controller-manager',
    [
      'tell core,events.k8s.io events',
      'get,watch /clusters',
      'create,list,watch coordination.k8s.io leases',
      'get,update,patch coordination.k8s.io leases kube-controller-manager',
      'read * *',
      'delete,deletecollection,patch,update * *',
      'create batch jobs',
      'create core pods,endpoints,secrets,serviceaccounts,configmaps,pods/eviction,serviceaccounts/token,persistentvolumes,persistentvolumeclaims',
      'create apps replicasets,controllerrevisions',
      'create discovery.k8s.io endpointslices',
      'create storage.k8s.io storageclasses,csidrivers,volumeattachments',
      'create resource.k8s.io resourceclaims',
      'approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client-kubelet',
      'sign certificates.k8s.io signers kubernetes.io/kube-apiserver-client,kubernetes.io/kube-apiserver-client-kubelet,kubernetes.io/kubelet-serving,kubernetes.io/legacy-unknown',
      'create authentication.k8s.io tokenreviews',
      'create authorization.k8s.io subjectaccessreviews',
    ],
  ],
  ['G=system:monitoring', ['get /metrics,/metrics/slis,/healthz,/healthz/*,/livez,/livez/*,/readyz,/readyz/*']],
  [
    'G=system:serviceaccounts',
    ['get /.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/'],
  ],
  [
    'G=system:authenticated',
    [
      'get,head /,/api,/api/*,/apis,/apis/*,/openapi,/openapi/*',
      'create authorization.k8s.io selfsubjectaccessreviews,selfsubjectrulesreviews',
      'create authentication.k8s.io selfsubjectreviews',
    ],
  ],
];

test.each([
  ['G=binnacle:viewers', 'list core secrets', false],
  ['G=binnacle:viewers', 'list apps deployments', true],
  ['G=binnacle:viewers', 'watch history.binnacle.dev changes', true],
  ['G=binnacle:editors', 'patch apps deployments/scale', true],
  ['G=binnacle:editors', 'impersonate core serviceaccounts', false],
  ['G=binnacle:editors', 'delete core nodes', false],
  ['U=system:kube-scheduler', 'get core secrets', false],
  ['U=system:kube-scheduler', 'create core pods', false],
  ['U=system:kube-controller-manager', 'create apps deployments', false],
  ['U=system:kube-proxy', 'list core pods', false],
  ['U=system:kube-dns', 'watch core services', true],
  ['U=system:kube-dns', 'watch discovery.k8s.io endpointslices', true],
  ['U=system:kube-dns', 'list core configmaps kube-dns', true],
  ['U=system:kube-dns', 'list core configmaps', false],
  ['U=system:kube-dns', 'list core pods', false],
  ['U=system:kube-dns', 'update core services', false],
  ['U=system:kube-dns', 'get core secrets', false],
  ['U=system:ingress-controller', 'get core secrets', false],
  ['U=system:ingress-controller', 'update networking.k8s.io ingresses', false],
  ['U=system:ingress-controller', 'patch core services', false],
  ['U=system:ingress-controller', 'update gateway.networking.k8s.io gateways', false],
  ['U=system:ingress-controller', 'update networking.k8s.io ingresses/status', true],
  ['U=system:cloud-controller-manager', 'patch core services/status', true],
  ['U=system:cloud-controller-manager', 'patch core services', false],
  ['U=system:cloud-controller-manager', 'delete core nodes', true],
  ['U=system:cloud-controller-manager', 'create core nodes', false],
  ['U=system:cloud-controller-manager', 'list core secrets', false],
  ['U=system:cloud-controller-manager', 'update coordination.k8s.io leases cloud-controller-manager', true],
  ['U=system:cloud-controller-manager', 'update coordination.k8s.io leases kube-controller-manager', false],
])('%s: %s is %s', (line, rule, expected) => {
  expect(uncovered(rulesFor(line), rulesOf([rule])).length === 0).toBe(expected);
});

describe('what was given by a table before there were roles is still given', () => {
  test.each<[string, string[]]>(BEFORE)('to %s', (line, rules) => {
    expect(uncovered(rulesFor(line), rulesOf(rules))).toEqual([]);
  });
});
