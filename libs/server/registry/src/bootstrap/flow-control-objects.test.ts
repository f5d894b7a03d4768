import { fixedResourceSets } from '../resource-sets.js';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { admitEverything } from '../admission.js';
import { Registry } from '../registry.js';
import { type RequestContext, systemContext } from '../request-context.js';
import { keepFlowControlObjects } from './flow-control-objects.js';

const AUTO = 'apf.kubernetes.io/autoupdate-spec';
let ctx: RequestContext;
let registry: Registry;

beforeEach(async () => {
  const storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  await keepFlowControlObjects(ctx, registry);
});

const store = (plural: string) => registry.get('flowcontrol.apiserver.k8s.io', 'v1', plural);
const names = async (plural: string) =>
  (await store(plural).list(ctx, {}, { revision: { at: 'latest' } })).items.map(({ key }) => key.name);
const read = async (plural: string, name: string) =>
  store(plural).decode(await store(plural).get(ctx, { namespace: '', name }));
const change = (plural: string, name: string, make: (object: UnstructuredObject) => UnstructuredObject) =>
  store(plural).update(ctx, { namespace: '', name }, make);
const keep = () => keepFlowControlObjects(ctx, registry);

const shares = (spec: unknown) =>
  (spec as { limited: { nominalConcurrencyShares: number } }).limited.nominalConcurrencyShares;
const withShares = (nominalConcurrencyShares: number) => (object: UnstructuredObject) => {
  const spec = object.spec as { limited: object };
  return { ...object, spec: { ...spec, limited: { ...spec.limited, nominalConcurrencyShares } } };
};
const annotated = (value: string) => (object: UnstructuredObject) => ({
  ...object,
  metadata: { ...object.metadata, annotations: { [AUTO]: value } },
});

test('makes what upstream makes', async () => {
  expect(await names('prioritylevelconfigurations')).toEqual([
    'catch-all',
    'exempt',
    'global-default',
    'leader-election',
    'node-high',
    'system',
    'workload-high',
    'workload-low',
  ]);
  expect(await names('flowschemas')).toEqual([
    'catch-all',
    'exempt',
    'global-default',
    'kube-controller-manager',
    'kube-scheduler',
    'kube-system-service-accounts',
    'probes',
    'service-accounts',
    'system-leader-election',
    'system-node-high',
    'system-nodes',
  ]);
});

test('changes nothing that is as it should be', async () => {
  const before = await read('flowschemas', 'probes');
  await keep();
  expect(await read('flowschemas', 'probes')).toEqual(before);
});

test('makes again what was deleted', async () => {
  await store('flowschemas').delete(ctx, { namespace: '', name: 'probes' });
  await keep();
  expect(await names('flowschemas')).toContain('probes');
});

test('takes a change back where the annotation says that it follows the server', async () => {
  await change('prioritylevelconfigurations', 'workload-low', withShares(7));
  await keep();
  expect(shares((await read('prioritylevelconfigurations', 'workload-low')).spec)).toBe(100);
});

test('leaves a change alone where the annotation says so', async () => {
  await change('prioritylevelconfigurations', 'workload-low', (object) => annotated('false')(withShares(7)(object)));
  await keep();
  expect(shares((await read('prioritylevelconfigurations', 'workload-low')).spec)).toBe(7);
});

test('leaves a change alone that was made without an annotation, and says so', async () => {
  await change('prioritylevelconfigurations', 'workload-low', (object) => annotated('?')(withShares(7)(object)));
  await keep();
  const { metadata, spec } = await read('prioritylevelconfigurations', 'workload-low');
  expect(shares(spec)).toBe(7);
  expect(metadata.annotations).toEqual({ [AUTO]: 'false' });
});

test('brings mandatory objects back whatever the annotation says', async () => {
  await change('flowschemas', 'catch-all', annotated('false'));
  await keep();
  expect((await read('flowschemas', 'catch-all')).metadata.annotations).toEqual({ [AUTO]: 'true' });
});

test('leaves to the operator what is set aside for exempt requests', async () => {
  const exempt = { nominalConcurrencyShares: 10, lendablePercent: 0 };
  await change('prioritylevelconfigurations', 'exempt', (object) => ({ ...object, spec: { type: 'Exempt', exempt } }));
  await keep();
  expect((await read('prioritylevelconfigurations', 'exempt')).spec).toEqual({ type: 'Exempt', exempt });
});

test('removes what says that it is of the server and is not, and nothing else', async () => {
  const own = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema' };
  const spec = { priorityLevelConfiguration: { name: 'system' } };
  const make = (name: string, annotations: Record<string, string>) =>
    store('flowschemas').create(ctx, { namespace: '' }, { ...own, metadata: { name, annotations }, spec });
  await make('old', { [AUTO]: 'true' });
  await make('mine', {});
  await keep();
  expect(await names('flowschemas')).toContain('mine');
  expect(await names('flowschemas')).not.toContain('old');
});
