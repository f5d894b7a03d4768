import { metadataReader } from '@binnacle/apis-extensions';
import { resourceSet } from '@binnacle/apis-registry';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { compiling } from '@binnacle/machinery-cel';
import type { StoredObject } from '@binnacle/server-storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { type DefinitionSource, ExtendedSets } from './extended-sets.js';
import { refuseNewWhileGoing } from './refuse-new.js';
import { SharedKinds } from './shared-kinds.js';
import { readDefinition, wholeDefinition } from './stored-definitions.js';

const RESOURCE = 'apiextensions.k8s.io/customresourcedefinitions';
const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const base = resourceSet('base', []);

function stored(
  plural: string,
  { metadata = {}, established = true, names = true, size = 'integer' } = {},
): StoredObject {
  const kinds = { plural, kind: 'Widget', listKind: 'WidgetList', singular: 'widget' };
  const schema = { openAPIV3Schema: { type: 'object', properties: { size: { type: size } } } };
  const body = {
    metadata: { name: `${plural}.example.com`, generation: 1, ...metadata },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: kinds,
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
    status: {
      ...(names && { acceptedNames: kinds }),
      conditions: [{ type: 'Established', status: established ? 'True' : 'False' }],
    },
  };
  return { revision: 7, body: Buffer.from(JSON.stringify(body)) } as unknown as StoredObject;
}

/** What the cache holds, by cluster, and what stands behind it. */
let cached: Map<string, StoredObject[]>;
let behind: StoredObject[];
let lists: string[];
let tell: (cluster: string) => void;
let sets: ExtendedSets;

beforeEach(() => {
  [cached, behind, lists] = [new Map(), [], []];
  const source = {
    onChange: (resource: string, listener: (cluster: string) => void) => {
      expect(resource).toBe(RESOURCE);
      tell = listener;
      return () => undefined;
    },
    peekAll: ({ cluster }: { cluster: string }) => cached.get(cluster),
    sizeOf: (cluster: string) => (cached.has(cluster) ? { objects: 1, bytes: 1 } : undefined),
    list: (_: unknown, { cluster }: { cluster: string }) => {
      lists.push(cluster);
      return Promise.resolve({ items: behind, revision: 1, more: false });
    },
  } as unknown as DefinitionSource;
  const convert = () => Promise.reject(new Error('nobody'));
  sets = new ExtendedSets(source, new SharedKinds(base, { reader: metadataReader(), compile: compiling, convert }));
});

const plurals = (cluster: string): string[] | undefined => sets.peek(cluster)?.all.map(({ names }) => names.plural);

describe('the kinds of clusters', () => {
  it('follow what the cache knows, and are the base where nothing is defined', () => {
    cached.set('main', []);
    expect(sets.peek('main')).toBe(base);
    cached.set('main', [stored('widgets')]);
    tell('main');
    expect(plurals('main')).toEqual(['widgets']);
    cached.set('main', []);
    tell('main');
    expect(sets.peek('main')).toBe(base);
  });

  it('are one set while nothing is told', () => {
    cached.set('main', [stored('widgets')]);
    const set = sets.peek('main');
    cached.set('main', [stored('widgets')]);
    expect(sets.peek('main')).toBe(set);
  });

  it('are read where the cache does not know the cluster, and not remembered', async () => {
    behind = [stored('widgets')];
    expect(sets.peek('far')).toBeUndefined();
    expect((await sets.of(ctx, 'far')).all).toHaveLength(1);
    behind = [];
    expect(await sets.of(ctx, 'far')).toBe(base);
    expect(lists).toEqual(['far', 'far']);
  });

  it('are forgotten where the cache drops the cluster, since nobody tells of changes then', () => {
    cached.set('main', [stored('widgets')]);
    expect(plurals('main')).toEqual(['widgets']);
    cached.delete('main');
    expect(sets.peek('main')).toBeUndefined();
    cached.set('main', [stored('gadgets')]);
    expect(plurals('main')).toEqual(['gadgets']);
  });

  it('are told of when they become others, and only then', () => {
    const heard: [string, number, number][] = [];
    const stop = sets.onChange(
      (cluster, next, before) => void heard.push([cluster, next.all.length, before.all.length]),
    );
    cached.set('main', [stored('widgets')]);
    tell('main');
    tell('main');
    cached.set('main', [stored('widgets', { metadata: { labels: { a: 'b' } } })]);
    tell('main');
    expect(heard).toEqual([['main', 1, 0]]);
    stop();
    cached.set('main', []);
    tell('main');
    expect(heard).toHaveLength(1);
  });
});

describe('a definition as it was stored', () => {
  it('is served where it is established and has a name', () => {
    expect(readDefinition(stored('widgets')).isServed).toBe(true);
    expect(readDefinition(stored('widgets', { established: false })).isServed).toBe(false);
    expect(readDefinition(stored('widgets', { names: false })).isServed).toBe(false);
  });

  it('is kept without schemas and what only writers need, and read once', () => {
    const one = stored('widgets', {
      metadata: { managedFields: [{}], annotations: { a: 'b' }, labels: { c: 'd' } } as object,
    });
    const { head } = readDefinition(one);
    expect(readDefinition(one).head).toBe(head);
    expect(head.metadata).toEqual({
      name: 'widgets.example.com',
      generation: 1,
      resourceVersion: '7',
      labels: { c: 'd' },
    });
    expect(head.spec.versions).toEqual([{ name: 'v1', served: true, storage: true }]);
    expect(wholeDefinition(one).spec.versions[0]?.schema).toBeDefined();
  });

  it('makes the same kinds whatever its labels are, and others where its spec or names are others', () => {
    const digestOf = (...given: Parameters<typeof stored>): string => readDefinition(stored(...given)).digest;
    const digest = digestOf('widgets');
    expect(digestOf('widgets', { metadata: { labels: { a: 'b' }, uid: 'other' }, established: false })).toBe(digest);
    const others = [
      digestOf('gadgets'),
      digestOf('widgets', { size: 'string' }),
      digestOf('widgets', { names: false }),
      digestOf('widgets', { metadata: { generation: 2 } }),
    ];
    expect(new Set([digest, ...others]).size).toBe(5);
  });
});

describe('a new object of a kind that goes', () => {
  const hooks = (definition?: StoredObject) =>
    refuseNewWhileGoing(
      {
        peek: ({ resource, name }) =>
          resource === RESOURCE && name === 'widgets.example.com' ? definition : undefined,
      },
      { group: 'example.com', names: { plural: 'widgets' } as never },
    );
  const create = (definition?: StoredObject) =>
    hooks(definition).beforeCreate?.({ cluster: 'main' } as never, { metadata: { name: 'a' } } as never, false);
  const finalizers = ['customresourcecleanup.apiextensions.k8s.io'];

  it('is refused', async () => {
    const going = stored('widgets', { metadata: { deletionTimestamp: '2026-11-29T10:00:00Z', finalizers } });
    await expect(create(going)).rejects.toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'widgets.example.com "a" is forbidden: create not allowed while custom resource definition is terminating',
    });
  });

  it.each([
    ['stays', stored('widgets', { metadata: { finalizers } })],
    [
      'goes without waiting for objects',
      stored('widgets', { metadata: { deletionTimestamp: '2026-11-29T10:00:00Z' } }),
    ],
    ['nobody knows', undefined],
  ])('is made of one that %s', async (_name, definition) => {
    await expect(create(definition)).resolves.toBeTypeOf('function');
  });
});
