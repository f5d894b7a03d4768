import type { ListWatcher } from '@binnacle/client-rest';
import { MemoryApi } from '@binnacle/client-rest/testing';
import { type Clock, silentLogger } from '@binnacle/machinery-context';
import { StatusError, type UnstructuredObject, type WatchEvent } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createInformer, keyOf } from './index.js';

/** Whoever waits goes on in the next turn, however long they wanted to. */
const hasty: Clock = {
  now: () => Date.now(),
  after: (_, callback) => {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  },
};

type Trouble = 'none' | 'list' | 'watch' | 'cut' | 'end' | 'compact';
const step = fc.record({
  op: fc.constantFrom('create', 'update', 'delete', 'replace'),
  name: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom('x', 'y'),
  trouble: fc.constantFrom<Trouble>('none', 'none', 'list', 'watch', 'cut', 'end', 'compact'),
  pause: fc.boolean(),
});

/** A server whose lists fail and whose watches break as the test says. */
class ShakyServer implements ListWatcher<UnstructuredObject> {
  readonly api = new MemoryApi();
  failing = new Set<Trouble>();
  private readonly open = new Set<(why: 'end' | 'cut') => void>();

  break(why: 'end' | 'cut'): void {
    for (const end of this.open) end(why);
  }

  async list() {
    if (this.failing.delete('list')) throw new Error('no list');
    const metadata = { resourceVersion: String(this.api.revision) };
    return { apiVersion: 'v1', kind: 'ConfigMapList', items: this.api.list('configmaps'), metadata };
  }

  async *watch(
    ctx: { signal: AbortSignal },
    { resourceVersion = '0' }: { resourceVersion?: string },
  ): AsyncGenerator<WatchEvent<UnstructuredObject>> {
    if (ctx.signal.aborted) return;
    if (this.failing.delete('watch')) throw new Error('no watch');
    const events: WatchEvent[] = [];
    let [wake, ended] = [() => undefined as void, '' as '' | 'end' | 'cut'];
    const stop = this.api.watch('configmaps', Number(resourceVersion), (event) => {
      events.push(event);
      wake();
    });
    const end = (why: 'end' | 'cut') => {
      ended = why;
      wake();
    };
    const aborted = () => end('end');
    this.open.add(end);
    ctx.signal.addEventListener('abort', aborted, { once: true });
    try {
      for (;;) {
        for (const event of events.splice(0)) yield event as WatchEvent<UnstructuredObject>;
        if (ended === 'cut') throw new Error('the connection broke');
        if (ended === 'end') return;
        if (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
      this.open.delete(end);
      ctx.signal.removeEventListener('abort', aborted);
    }
  }
}

const objectOf = (name: string, namespace: string, uid: string, text: number): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, uid, labels: { text: String(text % 3) } },
});

function change(
  api: MemoryApi,
  { op, name, namespace }: { op: string; name: string; namespace: string },
  at: number,
): void {
  const key = `${namespace}/${name}`;
  const known = api.list('configmaps').find((object) => keyOf(object) === key);
  if (!known) {
    if (op !== 'delete') api.create('configmaps', objectOf(name, namespace, `uid-${at}`, at));
    return;
  }
  if (op === 'delete' || op === 'replace') api.delete('configmaps', key);
  if (op === 'replace') api.create('configmaps', objectOf(name, namespace, `uid-${at}`, at));
  if (op === 'update' || op === 'create')
    api.update('configmaps', key, {
      ...known,
      metadata: { ...known.metadata, resourceVersion: '', labels: { text: String(at % 3) } },
    });
}

test('an informer has in the end what the server has, and told every step of it in order, whatever breaks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const [server, abort] = [new ShakyServer(), new AbortController()];
      const ctx = { signal: abort.signal, clock: hasty, logger: silentLogger };
      const informer = createInformer(server);
      informer.addIndex('text', ({ metadata }) => [metadata.labels?.text ?? '']);
      const copy = new Map<string, UnstructuredObject>();
      informer.addHandler({
        added: (object) => {
          expect(copy.has(keyOf(object))).toBe(false);
          copy.set(keyOf(object), object);
        },
        updated: (object, old) => {
          expect(copy.get(keyOf(object))).toBe(old);
          expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(Number(old.metadata.resourceVersion));
          expect(object.metadata.uid).toBe(old.metadata.uid);
          copy.set(keyOf(object), object);
        },
        deleted: (object) => expect(copy.delete(keyOf(object))).toBe(true),
      });
      const running = informer.run(ctx);
      for (const [at, one] of steps.entries()) {
        if (one.trouble === 'compact') server.api.compact();
        else if (one.trouble === 'cut' || one.trouble === 'end') server.break(one.trouble);
        else if (one.trouble !== 'none') server.failing.add(one.trouble);
        change(server.api, one, at);
        if (one.pause) await new Promise((resolve) => setImmediate(resolve));
      }
      server.failing.clear();
      await informer.waitFor(ctx, String(server.api.revision));
      const there = server.api
        .list('configmaps')
        .map((object) => [keyOf(object), object.metadata.resourceVersion])
        .sort();
      const told = (objects: Iterable<UnstructuredObject>) =>
        [...objects].map((object) => [keyOf(object), object.metadata.resourceVersion]).sort();
      expect(told(copy.values())).toEqual(there);
      expect(told(informer.list())).toEqual(there);
      for (const text of ['0', '1', '2'])
        expect(told(informer.byIndex('text', text))).toEqual(
          told(informer.list().filter(({ metadata }) => metadata.labels?.text === text)),
        );
      abort.abort();
      await running;
    }),
    { numRuns: 150 },
  );
});

test('a server that says nothing but errors is asked again, and warned of once', async () => {
  const warnings: unknown[] = [];
  const abort = new AbortController();
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  let asked = 0;
  const source = {
    list: async () => {
      asked += 1;
      if (asked === 40) abort.abort();
      throw new StatusError(500, 'InternalError', 'no');
    },
    watch: () => {
      throw new Error('not asked for');
    },
  };
  await createInformer(source as unknown as ListWatcher<UnstructuredObject>).run({
    signal: abort.signal,
    clock: hasty,
    logger,
  });
  expect([asked, warnings]).toEqual([40, ['list or watch failed']]);
});
