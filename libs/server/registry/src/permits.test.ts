import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newForbidden } from '@binnacle/machinery-meta';
import { type AskFor, Permit } from '@binnacle/server-auth';
import { MemoryStorage, type WatchItem } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { admitEverything, fixedResourceSets, Registry, type RequestContext, systemContext } from './index.js';

let system: RequestContext;
let registry: Registry;
/** Verbs that are refused where another is asked for. */
let refused: string[];

beforeEach(async () => {
  const server = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
  const storage = new MemoryStorage();
  await storage.createCluster(server, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  system = systemContext(server, 'main');
  refused = [];
});

const ask: AskFor = (_, attributes) => {
  if (refused.includes(attributes.verb)) throw newForbidden({ group: '', resource: 'configmaps' }, 'a', 'no');
  return Permit.of(attributes, { allowed: true, reason: '' }, ask);
};

/** Somebody who was allowed one thing with ConfigMaps. */
function allowed(verb: string, namespace: string, only?: readonly string[]): RequestContext {
  const user = { name: 'ada', groups: [] };
  const resource = { group: '', version: 'v1', resource: 'configmaps', subresource: '', namespace, name: '' };
  const decision = only ? { allowed: false, reason: '', namespaces: new Set(only) } : { allowed: true, reason: '' };
  return { ...system, user, permit: Permit.of({ user, cluster: 'main', verb, resource }, decision, ask) };
}

const configMaps = () => registry.get('', 'v1', 'configmaps');
const draft = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const latest = { revision: { at: 'latest' } } as const;

async function make(...places: [namespace: string, name: string][]): Promise<void> {
  for (const [namespace, name] of places) await configMaps().create(system, { namespace }, draft(name));
}

test('the store does nothing that was not asked for', async () => {
  await make(['a', 'one']);
  const reader = allowed('get', 'a');
  const here = { namespace: 'a', name: 'one' };
  const store = configMaps();
  expect((await store.get(reader, here)).key.name).toBe('one');
  const tries = {
    'another namespace': () => store.get(reader, { namespace: 'b', name: 'one' }),
    'another resource': () => registry.get('', 'v1', 'secrets').get(reader, here),
    'a list of everything': () => store.list(reader, {}, latest),
    'a watch of everything': () => store.watch(reader, {}, {}),
    'to create': async () => store.create(reader, { namespace: 'a' }, draft('two')),
    'to update': async () => store.update(reader, here, (object) => object),
    'to delete': async () => store.delete(reader, here),
    'to delete all': () => store.deleteCollection(reader, { namespace: 'a' }),
  };
  for (const [what, attempt] of Object.entries(tries))
    await expect(attempt(), what).rejects.toThrow('nobody asked whether ada may');
  expect((await store.list(system, {}, latest)).items).toHaveLength(1);
});

test('whoever may only change what is there makes nothing that is not', async () => {
  refused = ['create'];
  const target = registry.get('coordination.k8s.io', 'v1', 'leases');
  const user = { name: 'ada', groups: [] };
  const resource = {
    group: 'coordination.k8s.io',
    version: 'v1',
    resource: 'leases',
    subresource: '',
    namespace: 'a',
    name: 'l',
  };
  const permit = Permit.of({ user, cluster: 'main', verb: 'update', resource }, { allowed: true, reason: '' }, ask);
  const caller = { ...system, user, permit };
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace: 'a' } };
  const put = () => target.replace(caller, { namespace: 'a', name: 'l' }, lease);
  await expect(put()).rejects.toMatchObject({ reason: 'Forbidden' });
  refused = [];
  expect((await put()).created).toBe(true);
});

test('a list across namespaces holds those that one may see', async () => {
  await make(['a', 'one'], ['b', 'two'], ['c', 'three']);
  const { items } = await configMaps().list(allowed('list', '', ['a', 'c']), {}, latest);
  expect(items.map(({ key }) => key.name)).toEqual(['one', 'three']);
});

test('a watch across namespaces tells of those that one may see', async () => {
  const watch = await configMaps().watch(allowed('watch', '', ['b']), {}, {});
  await make(['a', 'one'], ['b', 'two']);
  const told: WatchItem[] = [];
  for await (const batch of watch) {
    told.push(...batch.filter((item) => item.kind === 'change'));
    if (told.length > 0) break;
  }
  expect(told.map((item) => item.kind === 'change' && item.change.object.key.namespace)).toEqual(['b']);
});
