import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { LiveCollection } from './collection.js';

const object = (name: string, version = '1'): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid: `uid of ${name}`, resourceVersion: version },
});
let collection: LiveCollection;
beforeEach(() => {
  collection = new LiveCollection();
});

const snapshot = (names: string[], { first = true, last = true, revision = '5' } = {}, now = 10) =>
  collection.applySnapshot(
    {
      id: 's',
      first,
      last,
      items: names.map((name) => object(name)),
      ...(last && { resourceVersion: revision }),
    } as never,
    now,
  );
const change = (type: string, changed: UnstructuredObject, revision = '6', now = 20) =>
  collection.applyChanges({ id: 's', changes: [{ type, object: changed }], resourceVersion: revision } as never, now);
const names = () => collection.view().items.map(({ metadata }) => metadata.name);
const refusal = (code: number) => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, code, message: 'no' }) as never;

describe('a list that comes', () => {
  test('is loading until all of it is there', () => {
    expect(collection.view()).toMatchObject({ phase: 'loading', items: [], resourceVersion: '' });
    snapshot(['a'], { last: false });
    expect(collection.view().phase).toBe('loading');
    snapshot(['b'], { first: false });
    expect(collection.view()).toMatchObject({ phase: 'live', resourceVersion: '5', asOf: 10 });
    expect(names()).toEqual(['a', 'b']);
  });

  test('anew takes the place of the old when it is whole, never piece by piece', () => {
    snapshot(['a', 'b', 'c']);
    snapshot(['a'], { last: false });
    expect(names()).toEqual(['a', 'b', 'c']);
    snapshot(['d'], { first: false });
    expect(names()).toEqual(['a', 'd']);
  });

  test('that broke off is forgotten', () => {
    snapshot(['a']);
    snapshot(['x'], { last: false });
    collection.interrupted(15);
    snapshot(['b']);
    expect(names()).toEqual(['b']);
  });
});

describe('changes', () => {
  beforeEach(() => snapshot(['a', 'b']));

  test('come, alter and go, and move the revision', () => {
    change('ADDED', object('c'));
    change('MODIFIED', object('a', '7'), '7');
    change('DELETED', object('b'), '8', 30);
    expect(names()).toEqual(['a', 'c']);
    expect(collection.view()).toMatchObject({ resourceVersion: '8', asOf: 30 });
    expect(collection.view().items[0]?.metadata.resourceVersion).toBe('7');
  });

  test('of another object of the same name are those of another', () => {
    change('ADDED', { ...object('a'), metadata: { name: 'a', uid: 'another' } });
    expect(names()).toEqual(['a', 'b', 'a']);
  });
});

describe('a line that breaks', () => {
  test('leaves what was seen, and says until when it was so', () => {
    snapshot(['a']);
    collection.interrupted(99);
    expect(collection.view()).toMatchObject({ phase: 'stale', asOf: 99, resourceVersion: '5' });
    expect(names()).toEqual(['a']);
    collection.reached('9', 120);
    expect(collection.view()).toMatchObject({ phase: 'live', asOf: 120, resourceVersion: '9' });
  });

  test('before anything was seen changes nothing', () => {
    collection.interrupted(99);
    expect(collection.view()).toMatchObject({ phase: 'loading', asOf: 0 });
  });

  test('for too long has to begin anew, and shows the old until then', () => {
    snapshot(['a']);
    collection.forgetRevision(99);
    expect(collection.resourceVersion).toBe('');
    expect(names()).toEqual(['a']);
  });
});

describe('a refusal', () => {
  test('takes away what may no longer be seen', () => {
    snapshot(['a']);
    collection.refused(refusal(403), 50);
    expect(collection.view()).toMatchObject({ phase: 'denied', items: [], resourceVersion: '', error: { code: 403 } });
  });

  test('that is a fault of the server takes nothing away', () => {
    snapshot(['a']);
    collection.refused(refusal(500), 50);
    expect(collection.view()).toMatchObject({ phase: 'stale', asOf: 50 });
    expect(names()).toEqual(['a']);
  });

  test('before anything was seen is told, and over when a list comes', () => {
    collection.refused(refusal(500), 50);
    expect(collection.view()).toMatchObject({ phase: 'failed', error: { code: 500 } });
    snapshot(['a']);
    expect(collection.view().error).toBeUndefined();
  });
});

test('a view is the same until something changes', () => {
  snapshot(['a']);
  const before = collection.view();
  expect(collection.view()).toBe(before);
  change('MODIFIED', object('a', '2'));
  expect(collection.view()).not.toBe(before);
});
