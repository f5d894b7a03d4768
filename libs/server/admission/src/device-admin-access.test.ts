import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  createSystemObjects,
  fixedResourceSets,
  Registry,
  type RequestContext,
  systemContext,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { createAdmission } from './index.js';

let registry: Registry;
let ctx: RequestContext;

beforeEach(async () => {
  const storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: createAdmission(storage) });
  await createSystemObjects(ctx, registry);
  const labels = { 'resource.kubernetes.io/admin-access': 'true' };
  const marked = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'marked', labels } };
  await registry.get('', 'v1', 'namespaces').create(ctx, { namespace: '' }, marked as UnstructuredObject);
});

const spec = (adminAccess: boolean) => ({
  devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c', allocationMode: 'All', adminAccess } }] },
});
function create(kind: string, namespace: string, adminAccess = true) {
  const body = kind === 'ResourceClaim' ? spec(adminAccess) : { spec: spec(adminAccess) };
  const object = { apiVersion: 'resource.k8s.io/v1', kind, metadata: { name: 'x', namespace }, spec: body };
  const store = registry.get('resource.k8s.io', 'v1', `${kind.toLowerCase()}s`);
  return Promise.resolve(store.create(ctx, { namespace }, object as unknown as UnstructuredObject));
}
const WHY = 'admin access to devices requires the `resource.kubernetes.io/admin-access: true` label';

test.each(['ResourceClaim', 'ResourceClaimTemplate'])(
  'a %s looks at devices of others from marked namespaces only',
  async (kind) => {
    await expect(create(kind, 'default')).rejects.toThrow(WHY);
    await create(kind, 'marked');
    await create(kind, 'default', false);
  },
);

test('nobody else is given them by a status', async () => {
  await create('ResourceClaim', 'default', false);
  const store = registry.get('resource.k8s.io', 'v1', 'resourceclaims');
  const results = [{ request: 'r', driver: 'd.example.com', pool: 'p', device: 'd', adminAccess: true }];
  const given = store.update(
    ctx,
    { namespace: 'default', name: 'x' },
    (object) => ({ ...object, status: { allocation: { devices: { results } } } }) as UnstructuredObject,
    { rules: 'status', subresource: 'status' },
  );
  await expect(Promise.resolve(given)).rejects.toThrow(WHY);
});
