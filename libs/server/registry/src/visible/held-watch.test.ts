import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { isExpired, newForbidden, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  type AskFor,
  type Decision,
  OpenRights,
  Permit,
  type PermitTerms,
  StoredRightsChanges,
} from '@binnacle/server-auth';
import { isStorageError, MemoryStorage, type Watch, type WatchItem } from '@binnacle/server-storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admitEverything, fixedResourceSets, Registry, type RequestContext, systemContext } from '../index.js';

const user = { name: 'ada', groups: [] };
const latest = { revision: { at: 'latest' } } as const;
const RBAC = 'rbac.authorization.k8s.io';
const NAMESPACES = ['a', 'b', 'c'] as const;

/** Who may see a namespace has a binding there; who has one of the cluster sees all. Nothing else is decided by. */
async function setUp() {
  const server = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
  const storage = new MemoryStorage();
  await storage.createCluster(server, 'main');
  const rightsChangedAfter = async (_: unknown, cluster: string, after: number) => {
    const upTo = await storage.revision(server, cluster);
    const range = { cluster, after, upTo, order: 'oldestFirst', filter: { group: RBAC }, limit: 1 } as const;
    return upTo > after && (await storage.changes(server, range)).changes.length > 0;
  };
  const sets = fixedResourceSets(builtinResources);
  const makeRegistry = () => new Registry({ sets, storage, admission: admitEverything, rightsChangedAfter });
  const registry = makeRegistry();
  const open = new OpenRights(server, new StoredRightsChanges(storage));
  const bound = (plural: string) => storage.peekAll({ cluster: 'main', resource: `${RBAC}/${plural}` }) ?? [];
  const decide = (): Decision => {
    if (bound('clusterrolebindings').length > 0) return { allowed: true, reason: '' };
    return { allowed: false, reason: '', namespaces: new Set(bound('rolebindings').map(({ key }) => key.namespace)) };
  };
  const terms: PermitTerms = { open, narrows: true };
  const ask: AskFor = (_, attributes) => {
    const decision = decide();
    if (!decision.allowed && !decision.namespaces?.size) throw newForbidden({ group: '', resource: 'x' }, '', 'no');
    return Permit.of(attributes, decision, ask, terms);
  };
  const system = systemContext(server, 'main');
  const as = async (verb: string, plural = 'configmaps'): Promise<RequestContext> => {
    const resource = { group: '', version: 'v1', resource: plural, subresource: '', namespace: '', name: '' };
    return { ...system, user, permit: await ask(server, { user, cluster: 'main', verb, resource }) };
  };
  return { system, registry, makeRegistry, as, open, storage };
}

type World = Awaited<ReturnType<typeof setUp>>;

const object = (name: string, more: object = {}) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more }) as UnstructuredObject;

async function bind({ system, registry }: World, namespace: string): Promise<void> {
  const kind = namespace ? 'RoleBinding' : 'ClusterRoleBinding';
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' };
  const binding = { apiVersion: `${RBAC}/v1`, kind, metadata: { name: 'x' }, roleRef } as unknown as UnstructuredObject;
  const plural = namespace ? 'rolebindings' : 'clusterrolebindings';
  await registry.get(RBAC, 'v1', plural).create(system, { namespace }, binding);
}

async function unbind({ system, registry }: World, namespace: string): Promise<void> {
  const plural = namespace ? 'rolebindings' : 'clusterrolebindings';
  await registry.get(RBAC, 'v1', plural).delete(system, { namespace, name: 'x' });
}

const settled = async () => {
  for (let turn = 0; turn < 8; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

/** A client as clients are: lists, watches from there, goes on after what it saw last, and lists anew where it is told to. */
class Client {
  readonly seen = new Map<string, number>();
  /** Undefined before it has listed. */
  cursor: number | undefined;
  lists = 0;
  isRefused = false;
  readonly events: string[] = [];
  private watch: Watch | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly world: World,
    private registry = world.registry,
  ) {}

  async connect(): Promise<void> {
    this.isRefused = false;
    try {
      const store = this.registry.get('', 'v1', 'configmaps');
      if (this.cursor === undefined) {
        const { items, revision } = await store.list(await this.world.as('list'), {}, latest);
        this.lists += 1;
        this.seen.clear();
        for (const { key, revision: own } of items) this.seen.set(`${key.namespace}/${key.name}`, own);
        this.cursor = revision;
      }
      const watch = await store.watch(await this.world.as('watch'), {}, { after: this.cursor, bookmarks: true });
      this.watch = watch;
      this.running = this.read(watch);
    } catch (error) {
      await this.failed(error);
    }
  }

  /** Loses the connection after what has come so far. */
  async disconnect(registry = this.registry): Promise<void> {
    this.watch?.close();
    await this.running;
    this.registry = registry;
  }

  private async read(watch: Watch): Promise<void> {
    try {
      for await (const batch of watch) for (const item of batch) this.take(item);
    } catch (error) {
      await this.failed(error);
    }
  }

  private async failed(error: unknown): Promise<void> {
    if (isExpired(error) || isStorageError(error, 'expired')) {
      this.cursor = undefined;
      return this.connect();
    }
    expect(error).toMatchObject({ reason: 'Forbidden' });
    this.isRefused = true;
    this.seen.clear();
    this.cursor = undefined;
  }

  private take(item: WatchItem): void {
    if (item.kind === 'bookmark') {
      this.cursor = item.revision;
      return;
    }
    const { type, object: stored } = item.change;
    const id = `${stored.key.namespace}/${stored.key.name}`;
    this.events.push(`${type} ${id}`);
    expect(this.seen.has(id), `${type} ${id}`).toBe(type !== 'ADDED');
    this.cursor = stored.revision;
    if (type === 'DELETED') this.seen.delete(id);
    else this.seen.set(id, stored.revision);
  }
}

async function expectTruth(world: World, client: Client): Promise<void> {
  await settled();
  const truth = await world
    .as('list')
    .then((ctx) => world.registry.get('', 'v1', 'configmaps').list({ ...ctx, permit: ctx.permit }, {}, latest))
    .catch(() => undefined);
  expect(client.isRefused).toBe(truth === undefined);
  const expected = truth?.items.map(({ key, revision }) => [`${key.namespace}/${key.name}`, revision]) ?? [];
  expect([...client.seen].sort()).toEqual(expected.sort());
}

test('a grant that comes tells what is there, one that goes takes it away, and the watch goes on', async () => {
  const world = await setUp();
  const store = world.registry.get('', 'v1', 'configmaps');
  for (const namespace of NAMESPACES) await store.create(world.system, { namespace }, object('one'));
  await bind(world, 'a');
  const client = new Client(world);
  await client.connect();
  expect([...client.seen.keys()]).toEqual(['a/one']);
  await bind(world, 'b');
  await settled();
  await store.create(world.system, { namespace: 'b' }, object('two'));
  await unbind(world, 'a');
  await settled();
  await store.create(world.system, { namespace: 'a' }, object('two'));
  await settled();
  expect(client.events).toEqual(['ADDED b/one', 'ADDED b/two', 'DELETED a/one']);
  expect(client.lists).toBe(1);
  await unbind(world, 'b');
  await settled();
  expect(client.isRefused).toBe(true);
  expect(world.open.size).toBe(0);
});

test('all and some follow each other', async () => {
  const world = await setUp();
  const store = world.registry.get('', 'v1', 'configmaps');
  for (const namespace of NAMESPACES) await store.create(world.system, { namespace }, object('one'));
  await bind(world, 'b');
  const client = new Client(world);
  await client.connect();
  await bind(world, '');
  await settled();
  await unbind(world, '');
  await settled();
  expect(client.events).toEqual(['ADDED a/one', 'ADDED c/one', 'DELETED a/one', 'DELETED c/one']);
  expect([...client.seen.keys()]).toEqual(['b/one']);
});

test('a kind in no namespace is refused to who may see only some, and of Namespaces these are told', async () => {
  const world = await setUp();
  const namespaces = world.registry.get('', 'v1', 'namespaces');
  for (const name of NAMESPACES) {
    await namespaces.create(world.system, { namespace: '' }, { ...object(name), kind: 'Namespace' });
  }
  await bind(world, 'b');
  const nodes = world.registry.get('', 'v1', 'nodes');
  await expect(nodes.list(await world.as('list', 'nodes'), {}, latest)).rejects.toMatchObject({ code: 403 });
  await expect(nodes.watch(await world.as('watch', 'nodes'), {}, {})).rejects.toMatchObject({ code: 403 });
  const told = await namespaces.list(await world.as('list', 'namespaces'), {}, latest);
  expect(told.items.map(({ key }) => key.name)).toEqual(['b']);
});

test('what is selected in a namespace out of sight is nothing, and no fault', async () => {
  const world = await setUp();
  const store = world.registry.get('', 'v1', 'configmaps');
  await store.create(world.system, { namespace: 'a' }, object('one'));
  await bind(world, 'b');
  const { items } = await store.list(await world.as('list'), { namespace: 'a' }, latest);
  expect(items).toEqual([]);
});

type Step =
  | { readonly do: 'write' | 'remove'; readonly namespace: string; readonly name: string }
  | { readonly do: 'bind' | 'unbind'; readonly namespace: string }
  | { readonly do: 'settle' | 'disconnect' | 'connect' | 'restart' | 'look' };

const namespace = fc.constantFrom(...NAMESPACES);
const name = fc.constantFrom('x', 'y');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('write' as const, 'remove' as const), namespace, name }),
  fc.record({ do: fc.constantFrom('bind' as const, 'unbind' as const), namespace: fc.constantFrom(...NAMESPACES, '') }),
  fc.record({ do: fc.constantFrom('settle' as const, 'disconnect' as const, 'connect' as const) }),
  fc.record({ do: fc.constantFrom('restart' as const, 'look' as const, 'settle' as const) }),
);

async function take(world: World, client: Client, one: Step): Promise<void> {
  const store = world.registry.get('', 'v1', 'configmaps');
  const ignore = () => undefined;
  switch (one.do) {
    case 'write': {
      const place = { namespace: one.namespace, name: one.name };
      const change = (now: UnstructuredObject) => ({
        ...now,
        data: { at: String(Number(now.metadata.resourceVersion)) },
      });
      await store.update(world.system, place, change).catch(() => store.create(world.system, place, object(one.name)));
      return;
    }
    case 'remove':
      await store.delete(world.system, { namespace: one.namespace, name: one.name }).catch(ignore);
      return;
    case 'bind':
      return bind(world, one.namespace).catch(ignore);
    case 'unbind':
      return unbind(world, one.namespace).catch(ignore);
    case 'settle':
      return settled();
    case 'disconnect':
      return client.disconnect();
    case 'restart':
      return client.disconnect(world.makeRegistry());
    case 'connect':
      await client.disconnect();
      return client.connect();
    case 'look':
      await client.disconnect();
      await client.connect();
      return expectTruth(world, client);
  }
}

test('whatever happens to rights, objects and connections, whoever watches has what a list gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const world = await setUp();
      for (const one of NAMESPACES) await take(world, new Client(world), { do: 'write', namespace: one, name: 'z' });
      await bind(world, 'a');
      const client = new Client(world);
      await client.connect();
      for (const one of steps) await take(world, client, one);
      await client.disconnect();
      await client.connect();
      await expectTruth(world, client);
      await client.disconnect();
      expect(world.open.size).toBe(0);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('who comes back after a grant begins anew, and who comes back after none goes on', async () => {
  const world = await setUp();
  const store = world.registry.get('', 'v1', 'configmaps');
  for (const namespace of NAMESPACES) await store.create(world.system, { namespace }, object('one'));
  await bind(world, 'a');
  const client = new Client(world);
  await client.connect();
  await client.disconnect();
  await store.create(world.system, { namespace: 'a' }, object('two'));
  await client.connect();
  await settled();
  expect([[...client.seen.keys()], client.lists]).toEqual([['a/one', 'a/two'], 1]);
  for (const registry of [world.registry, world.makeRegistry()]) {
    await client.disconnect(registry);
    const [isThere] = registry === world.registry ? ['b'] : ['c'];
    await bind(world, isThere);
    await client.connect();
    await expectTruth(world, client);
  }
  expect(client.lists).toBe(3);
  await client.disconnect(world.makeRegistry());
  await client.connect();
  await expectTruth(world, client);
  expect(client.lists).toBe(3);
});
