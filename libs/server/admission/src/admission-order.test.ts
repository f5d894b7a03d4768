import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { createSystemObjects, fixedResourceSets, Registry, systemContext } from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { expect, test } from 'vitest';
import { type AdmissionPlugin, createAdmission, isAdmissionName } from './index.js';

const UPSTREAM = [
  'NamespaceLifecycle',
  'LimitRanger',
  'ServiceAccount',
  'NodeRestriction',
  'TaintNodesByCondition',
  'PodSecurity',
  'Priority',
  'DefaultTolerationSeconds',
  'DefaultStorageClass',
  'StorageObjectInUseProtection',
  'PersistentVolumeClaimResize',
  'RuntimeClass',
  'CertificateApproval',
  'CertificateSigning',
  'CertificateSubjectRestriction',
  'DefaultIngressClass',
  'PodTopologyLabels',
  'PodResizeValidator',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
  'ResourceQuota',
];

const authorizer = { authorize: () => ({ allowed: true, reason: '' }) };
const places = UPSTREAM.slice(-5, -1).map((name): AdmissionPlugin => ({ name }));
const chain = (more: object = {}) =>
  createAdmission(new MemoryStorage(), {
    authorizer,
    quotas: () => {
      throw new Error('nobody asks');
    },
    // In the wrong order, as they may be made.
    others: [...places].reverse(),
    ...more,
  });

test("every rule is there, in upstream's order and by upstream's name, with the places of policies and webhooks", () => {
  expect(chain().names.filter((name) => name !== 'DeviceAdminAccess')).toEqual(UPSTREAM);
});

test.each(UPSTREAM)('%s can be left out by its name', (name) => {
  expect(isAdmissionName(name)).toBe(true);
  expect(chain({ disabled: [name] }).names).not.toContain(name);
});

test('what somebody gives away is judged last, by what the mutators have made of it', () => {
  const rules = { rulesFor: () => ({ rules: [], errors: [] }) };
  expect(chain({ rules, disabled: UPSTREAM }).names.at(-1)).toBe('RBACEscalation');
  expect(chain({ rules }).names.at(-1)).toBe('RBACEscalation');
});

test('a rule that has no place is not taken', () => {
  expect(() => chain({ others: [{ name: 'Another' }] })).toThrow('the admission rule Another has no place');
});

test('what a mutator puts in gets its defaults, and is judged by the rules behind it', async () => {
  const storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  const ctx = systemContext(base, 'main');
  const mutator: AdmissionPlugin = {
    name: 'MutatingAdmissionWebhook',
    mutatesFreely: true,
    admit: (_, { definition, object }) => {
      if (definition.names.kind !== 'Pod') return;
      Object.assign(object?.spec ?? {}, { initContainers: [{ name: 'put-in', image: 'i' }] });
    },
  };
  const admission = createAdmission(storage, { disabled: ['ServiceAccount'], others: [mutator] });
  const registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission });
  await createSystemObjects(ctx, registry);
  const pods = registry.get('', 'v1', 'pods');
  const draft = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  };
  const stored = await pods.create(ctx, { namespace: 'default' }, draft as UnstructuredObject);
  const { initContainers } = pods.decode(stored).spec as { initContainers: object[] };
  expect(initContainers).toMatchObject([
    {
      name: 'put-in',
      terminationMessagePolicy: 'File',
      terminationMessagePath: '/dev/termination-log',
      imagePullPolicy: 'Always',
    },
  ]);
});
