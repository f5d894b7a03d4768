import { createKubeClient } from '@binnacle/client-rest';
import { type ProtocolServer, startProtocolServer } from '@binnacle/client-rest/testing';
import { type Clock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInformer, type SharedInformer, SharedInformerFactory } from './index.js';

const configmaps = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const object = (name: string, namespace = 'default', labels = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels, managedFields: [{ manager: 'test' }] },
});
/** Back-off in these tests is real I/O waiting, so time is real but a hundred times as fast. */
const hastyClock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay / 100);
    return () => clearTimeout(timer);
  },
};

let server: ProtocolServer;
let abort: AbortController;
const context = () => ({ signal: abort.signal, clock: hastyClock, logger: silentLogger });

beforeEach(async () => {
  server = await startProtocolServer();
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await server.stop();
});

function start(): { informer: SharedInformer<UnstructuredObject>; heard: string[] } {
  const informer = createInformer(createKubeClient({ server: server.url }).resource(configmaps));
  const heard: string[] = [];
  informer.addHandler({
    added: ({ metadata }) => heard.push(`+${metadata.name}`),
    updated: ({ metadata }) => heard.push(`~${metadata.name}`),
    deleted: ({ metadata }) => heard.push(`-${metadata.name}`),
  });
  void informer.run(context());
  return { informer, heard };
}

describe('an informer', () => {
  test('delivers the list, then every change, and can be waited for', async () => {
    server.api.create('configmaps', object('a'));
    const { informer, heard } = start();
    await informer.synced();
    server.api.update('configmaps', 'default/a', object('a'));
    server.api.create('configmaps', object('b', 'other'));
    const { metadata } = server.api.delete('configmaps', 'default/a');
    await informer.waitFor(context(), metadata.resourceVersion ?? '');
    expect(heard).toEqual(['+a', '~a', '+b', '-a']);
    expect(informer.list().map((item) => item.metadata.name)).toEqual(['b']);
    expect(informer.list('default')).toEqual([]);
    await informer.waitForObject(context(), 'default/a', (found) => found === undefined);
  });

  test('shares frozen objects without managedFields', async () => {
    server.api.create('configmaps', object('a'));
    const { informer } = start();
    await informer.synced();
    const kept = informer.get('default/a');
    expect(kept?.metadata.managedFields).toBeUndefined();
    expect(() => Object.assign(kept?.metadata ?? {}, { name: 'x' })).toThrow(TypeError);
  });

  test('goes on after the server was killed and came back, without a new list', async () => {
    const { informer, heard } = start();
    await informer.synced();
    await server.stop();
    const { metadata } = server.api.create('configmaps', object('meanwhile'));
    await server.start();
    await informer.waitFor(context(), metadata.resourceVersion ?? '');
    expect(heard).toEqual(['+meanwhile']);
    expect(server.seen.filter((line) => !line.includes('watch=true'))).toHaveLength(1);
  });

  test('lists again when its revision was compacted away, and finds out what was deleted', async () => {
    server.api.create('configmaps', object('gone'));
    const { informer, heard } = start();
    await informer.synced();
    await server.stop();
    server.api.delete('configmaps', 'default/gone');
    const { metadata } = server.api.create('configmaps', object('new'));
    server.api.compact();
    await server.start();
    await informer.waitFor(context(), metadata.resourceVersion ?? '');
    expect(heard).toEqual(['+gone', '+new', '-gone']);
  });

  test('tells two objects of one name apart', async () => {
    server.api.create('configmaps', object('a'));
    const { informer, heard } = start();
    await informer.synced();
    await server.stop();
    server.api.delete('configmaps', 'default/a');
    const { metadata } = server.api.create('configmaps', object('a'));
    server.api.compact();
    await server.start();
    await informer.waitFor(context(), metadata.resourceVersion ?? '');
    expect(heard).toEqual(['+a', '-a', '+a']);
  });

  test('keeps indexes right through changes', async () => {
    server.api.create('configmaps', object('a', 'default', { app: 'one' }));
    const { informer } = start();
    informer.addIndex('app', ({ metadata }) => Object.values(metadata.labels ?? {}));
    await informer.synced();
    expect(informer.byIndex('app', 'one')).toHaveLength(1);
    const changed = server.api.update('configmaps', 'default/a', object('a', 'default', { app: 'two' }));
    await informer.waitFor(context(), changed.metadata.resourceVersion ?? '');
    expect(informer.byIndex('app', 'one')).toEqual([]);
    expect(informer.byIndex('app', 'two')).toHaveLength(1);
  });

  test('a wait ends with its context', async () => {
    const { informer } = start();
    const waiting = informer.waitFor(context(), '999');
    abort.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });
});

test('a factory shares one informer per resource and a late handler hears of what there is', async () => {
  server.api.create('configmaps', object('a'));
  const factory = new SharedInformerFactory(createKubeClient({ server: server.url }));
  const informer = factory.for(configmaps);
  expect(factory.for(configmaps)).toBe(informer);
  factory.start(context());
  await factory.synced();
  const heard: unknown[] = [];
  informer.addHandler({ added: ({ metadata }) => heard.push(metadata.name) });
  expect(heard).toEqual(['a']);
});
