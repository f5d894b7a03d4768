import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { bootstrapPolicy } from '@binnacle/server-auth';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { admitEverything } from '../admission.js';
import { Registry } from '../registry.js';
import { type RequestContext, systemContext } from '../request-context.js';
import { fixedResourceSets } from '../resource-sets.js';
import { keepRbacObjects } from './rbac-objects.js';

const GROUP = 'rbac.authorization.k8s.io';
let ctx: RequestContext;
let registry: Registry;
let storage: MemoryStorage;

beforeEach(async () => {
  storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  for (const name of ['kube-system', 'kube-public']) {
    await registry.get('', 'v1', 'namespaces').create(ctx, { namespace: '' }, named(name, 'v1', 'Namespace'));
  }
  await keep();
});

const keep = () => keepRbacObjects(ctx, registry);
const named = (name: string, apiVersion = `${GROUP}/v1`, kind = 'ClusterRole'): UnstructuredObject => ({
  apiVersion,
  kind,
  metadata: { name },
});
const store = (plural: string) => registry.get(GROUP, 'v1', plural);
const read = async (plural: string, name: string) =>
  store(plural).decode(await store(plural).get(ctx, { namespace: '', name }));
const change = (plural: string, name: string, make: (object: UnstructuredObject) => UnstructuredObject) =>
  store(plural).update(ctx, { namespace: '', name }, make);

test('everything is made, valid by the rules of its kind, and once made costs nothing to look at', async () => {
  const count = async (plural: string) => (await store(plural).list(ctx, {}, { revision: { at: 'any' } })).items.length;
  const policy = bootstrapPolicy();
  expect(await Promise.all(['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'].map(count))).toEqual(
    [policy.clusterRoles, policy.clusterRoleBindings, policy.roles, policy.roleBindings].map(({ length }) => length),
  );
  const before = await storage.revision(ctx, 'main');
  await keep();
  expect(await storage.revision(ctx, 'main')).toBe(before);
});

test('what is missing of a role comes back, what was added stays', async () => {
  const extra = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
  const rulesBefore = (await read('clusterroles', 'system:discovery')).rules;
  await change('clusterroles', 'system:discovery', (object) => ({ ...object, rules: [extra] }));
  await change('clusterroles', 'system:discovery', ({ metadata, ...object }) => ({
    ...object,
    metadata: { ...metadata, labels: { mine: 'yes' } },
  }));
  await keep();
  const { rules, metadata } = await read('clusterroles', 'system:discovery');
  expect(rules).toHaveLength(12);
  expect(rules).toEqual(expect.arrayContaining([extra, { verbs: ['get'], nonResourceURLs: ['/api'] }]));
  expect(metadata.labels).toEqual({ mine: 'yes', 'kubernetes.io/bootstrapping': 'rbac-defaults' });
  expect(rulesBefore).toHaveLength(1);
});

test('what controllers gather of other roles stays', async () => {
  const gathered = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }];
  await change('clusterroles', 'view', (object) => ({ ...object, rules: gathered }));
  await keep();
  expect((await read('clusterroles', 'view')).rules).toEqual(gathered);
});

test('what says that it does not follow the server is left alone', async () => {
  const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' };
  await change('clusterroles', 'edit', ({ metadata, ...object }) => ({
    ...object,
    metadata: { ...metadata, annotations, labels: {} },
  }));
  await keep();
  expect((await read('clusterroles', 'edit')).metadata.labels).toEqual({});
});

test('subjects come back, others stay; a binding of another role is made anew', async () => {
  const jane = { apiGroup: GROUP, kind: 'User', name: 'jane' };
  await change('clusterrolebindings', 'system:basic-user', (object) => ({ ...object, subjects: [jane] }));
  await store('clusterrolebindings').delete(ctx, { namespace: '', name: 'cluster-admin' });
  const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: 'view' };
  const other = { ...named('cluster-admin', `${GROUP}/v1`, 'ClusterRoleBinding'), roleRef, subjects: [jane] };
  await store('clusterrolebindings').create(ctx, { namespace: '' }, other);
  await keep();
  const everybody = { ...jane, kind: 'Group', name: 'system:authenticated' };
  expect((await read('clusterrolebindings', 'system:basic-user')).subjects).toEqual([jane, everybody]);
  expect(await read('clusterrolebindings', 'cluster-admin')).toMatchObject({
    roleRef: { name: 'cluster-admin' },
    subjects: [{ kind: 'Group', name: 'system:masters' }],
  });
});
