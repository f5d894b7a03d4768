import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { type AdmissionAttributes, type RequestContext, systemContext } from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, it } from 'vitest';
import { RuntimeClassAdmission } from './runtime-class.js';

const pods = builtinResources.find('', 'v1', 'pods');
const toleration = { key: 'sandbox', operator: 'Exists', effect: 'NoSchedule' };
const gvisor = {
  handler: 'runsc',
  overhead: { podFixed: { cpu: '10m' } },
  scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [toleration] },
};
let ctx: RequestContext;
let plugin: RuntimeClassAdmission;

async function store(name: string, content: object): Promise<void> {
  const object = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, ...content };
  const key = { cluster: 'main', resource: 'node.k8s.io/runtimeclasses', namespace: '', name };
  const write = {
    op: 'create',
    key,
    body: Buffer.from(JSON.stringify(object)),
    attributes: { labels: {}, fields: {} },
  };
  await storage.write(ctx, { ...write, actor: { user: 'test', client: '', requestId: '' } } as never);
}

let storage: MemoryStorage;
beforeEach(async () => {
  storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  plugin = new RuntimeClassAdmission(storage);
  await store('gvisor', gvisor);
  await store('plain', { handler: 'runc' });
});

/** What becomes of a Pod; rejects with why it is refused. */
async function admitted(spec: Partial<PodSpec>, operation: 'CREATE' | 'UPDATE' = 'CREATE'): Promise<PodSpec> {
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [], ...spec } };
  if (!pods) throw new Error('Pods are a kind');
  const object = pod as unknown as UnstructuredObject;
  const place = { subresource: '', namespace: 'default', name: 'p', dryRun: false };
  const attributes: AdmissionAttributes = { operation, definition: pods, object, ...place };
  await plugin.admit(ctx, attributes);
  await plugin.validate(ctx, attributes);
  return pod.spec as PodSpec;
}

it('gives each Pod its own of what its class asks for', async () => {
  const { overhead, tolerations } = await admitted({ runtimeClassName: 'gvisor' });
  Object.assign(overhead ?? {}, { cpu: '5' });
  for (const one of tolerations ?? []) one.key = 'other';
  const next = await admitted({ runtimeClassName: 'gvisor' });
  expect([next.overhead, next.tolerations]).toEqual([{ cpu: '10m' }, [toleration]]);
});

it('gives a Pod what its class asks for', async () => {
  expect(await admitted({ runtimeClassName: 'gvisor', nodeSelector: { disk: 'ssd' } })).toMatchObject({
    overhead: { cpu: '10m' },
    nodeSelector: { disk: 'ssd', sandbox: 'yes' },
    tolerations: [toleration],
  });
});

it('adds no toleration twice', async () => {
  expect((await admitted({ runtimeClassName: 'gvisor', tolerations: [toleration] })).tolerations).toHaveLength(1);
});

it.each<[string, Partial<PodSpec>, string]>([
  ['a class that is not there', { runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
  ['another overhead', { runtimeClassName: 'gvisor', overhead: { cpu: '1' } }, "doesn't match RuntimeClass's defined"],
  ['overhead of a class without', { runtimeClassName: 'plain', overhead: { cpu: '1' } }, 'set without corresponding'],
  ['overhead without a class', { overhead: { cpu: '1' } }, 'set without corresponding'],
  [
    'nodes that contradict',
    { runtimeClassName: 'gvisor', nodeSelector: { sandbox: 'no' } },
    'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
  ],
])('refuses %s', async (_what, spec, why) => {
  await expect(admitted(spec)).rejects.toThrow(why);
});

it('looks at new Pods only', async () => {
  expect(await admitted({ runtimeClassName: 'none' }, 'UPDATE')).toMatchObject({ runtimeClassName: 'none' });
});
