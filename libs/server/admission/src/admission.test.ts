import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  createSystemObjects,
  Registry,
  type RequestContext,
  systemContext,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAdmission } from './index.js';

let ctx: RequestContext;
let registry: Registry;
beforeEach(async () => {
  const storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: createAdmission(storage) });
  await createSystemObjects(ctx, registry);
});

async function create(
  group: string,
  plural: string,
  object: object,
  namespace = 'default',
): Promise<UnstructuredObject> {
  const store = registry.get(group, 'v1', plural);
  const { namespaced, names } = store.definition;
  const draft = { apiVersion: group ? `${group}/v1` : 'v1', kind: names.kind, ...object } as UnstructuredObject;
  return store.decode(await store.create(ctx, { namespace: namespaced ? namespace : '' }, draft));
}
const pod = (spec: object = {}, metadata: object = {}) =>
  create('', 'pods', {
    metadata: { name: 'p', ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  });
const account = (more: object = {}) => create('', 'serviceaccounts', { metadata: { name: 'default' }, ...more });

describe('a Pod', () => {
  test('needs its service account to exist', async () => {
    await expect(pod()).rejects.toThrow(
      'pods "p" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
    );
    await account();
    expect((await pod()).spec).toMatchObject({ serviceAccountName: 'default' });
  });

  test('mounts the token of its account and pulls with its secrets', async () => {
    await account({ imagePullSecrets: [{ name: 'registry' }] });
    const { spec } = (await pod()) as unknown as Pod;
    const [volume] = spec?.volumes ?? [];
    expect(volume?.name).toMatch(/^kube-api-access-\w{5}$/);
    expect(volume?.projected?.sources).toHaveLength(3);
    const mount = { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
    expect(spec?.containers[0]?.volumeMounts).toEqual([mount]);
    expect(spec?.imagePullSecrets).toEqual([{ name: 'registry' }]);
  });

  test.each([
    ['of the Pod', {}, { automountServiceAccountToken: false }],
    ['of the account', { automountServiceAccountToken: false }, {}],
  ])('mounts no token at the wish %s', async (_whose, ofAccount, ofPod) => {
    await account(ofAccount);
    expect((await pod(ofPod)).spec).not.toHaveProperty('volumes');
  });

  test('mounts one where the Pod wants it and the account does not', async () => {
    await account({ automountServiceAccountToken: false });
    expect((await pod({ automountServiceAccountToken: true })).spec).toHaveProperty('volumes');
  });

  test('that mirrors a static one may not use an account', async () => {
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    await expect(pod({ nodeName: 'n', serviceAccountName: 'default' }, mirror)).rejects.toThrow(
      'a mirror pod may not reference service accounts',
    );
  });

  test('that mirrors a static one needs none', async () => {
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    await expect(pod({ nodeName: 'n' }, mirror)).resolves.toBeDefined();
  });

  test('outlives a lost node by five minutes', async () => {
    await account();
    const { tolerations } = (await pod()).spec as { tolerations: { key: string; tolerationSeconds: number }[] };
    expect(tolerations.map(({ key, tolerationSeconds }) => `${key} ${tolerationSeconds}`)).toEqual([
      'node.kubernetes.io/not-ready 300',
      'node.kubernetes.io/unreachable 300',
    ]);
  });

  test('gets the priority of its class, of the default class, or none', async () => {
    await account();
    const critical = { priorityClassName: 'system-node-critical' };
    expect((await pod(critical)).spec).toMatchObject({
      priority: 2_000_001_000,
      preemptionPolicy: 'PreemptLowerPriority',
    });
    expect((await pod({}, { name: 'plain' })).spec).toMatchObject({ priority: 0 });
    await create('scheduling.k8s.io', 'priorityclasses', {
      metadata: { name: 'usual' },
      value: 7,
      globalDefault: true,
    });
    expect((await pod({}, { name: 'usual' })).spec).toMatchObject({ priority: 7, priorityClassName: 'usual' });
  });

  test('may not name a class that is not there, nor a priority of its own', async () => {
    await account();
    await expect(pod({ priorityClassName: 'none' })).rejects.toThrow('no PriorityClass with name none was found');
    await expect(pod({ priority: 5 })).rejects.toThrow('the integer value of priority (5) must not be provided');
    await expect(pod({ preemptionPolicy: 'Never' })).rejects.toThrow('the string value of PreemptionPolicy (Never)');
  });

  test('keeps its priority when it is put without one', async () => {
    await account();
    const { spec, ...rest } = (await pod()) as unknown as Pod;
    const { priority: _, preemptionPolicy: __, ...sent } = spec ?? { containers: [] };
    const place = { namespace: 'default', name: 'p' };
    const next = { ...rest, spec: sent } as unknown as UnstructuredObject;
    const pods = registry.get('', 'v1', 'pods');
    const { stored } = await pods.replace(ctx, place, next);
    expect(pods.decode(stored).spec).toMatchObject({ priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  });

  test('that asks for overhead needs a runtime class', async () => {
    await account();
    await expect(pod({ overhead: { cpu: '1' } })).rejects.toThrow('Pod Overhead set without corresponding');
    await expect(pod({ runtimeClassName: 'none' })).rejects.toThrow('RuntimeClass "none" not found');
  });
});

test("only one priority class is everybody's", async () => {
  const usual = (name: string) =>
    create('scheduling.k8s.io', 'priorityclasses', { metadata: { name }, value: 7, globalDefault: true });
  await usual('first');
  await expect(usual('second')).rejects.toThrow('PriorityClass first is already marked as default');
});

test.each(['system-node-critical', 'system-cluster-critical'])('the priority class %s stays', async (name) => {
  const classes = registry.get('scheduling.k8s.io', 'v1', 'priorityclasses');
  await expect(classes.delete(ctx, { namespace: '', name })).rejects.toThrow(
    `priorityclasses.scheduling.k8s.io "${name}" is forbidden: this is a system priority class and cannot be deleted`,
  );
});

test('a new node takes no Pods before it is ready', async () => {
  const node = await create('', 'nodes', { metadata: { name: 'n' } });
  expect(node.spec).toMatchObject({ taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] });
});

describe('a namespace', () => {
  const config = (namespace: string) => create('', 'configmaps', { metadata: { name: 'c' } }, namespace);

  test('must exist and must not be going for anything to be made in it', async () => {
    await expect(config('nowhere')).rejects.toThrow('namespaces "nowhere" not found');
    await create('', 'namespaces', { metadata: { name: 'going' } });
    await config('going');
    await registry.get('', 'v1', 'namespaces').delete(ctx, { namespace: '', name: 'going' });
    await expect(create('', 'secrets', { metadata: { name: 's' } }, 'going')).rejects.toThrow(
      'because it is being terminated',
    );
  });

  test('of the system itself stays', async () => {
    const namespaces = registry.get('', 'v1', 'namespaces');
    await expect(namespaces.delete(ctx, { namespace: '', name: 'kube-system' })).rejects.toThrow('may not be deleted');
  });
});
