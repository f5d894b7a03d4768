import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { encodeBody, type StoredObject } from '@binnacle/server-storage';
import { expect, test } from 'vitest';
import { RecentlyRead } from './recently-read.js';

const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } } as UnstructuredObject;
const body = encodeBody(object, '[{"manager":"m"}]');
const stored = (revision: number): StoredObject => ({
  key: { cluster: 'main', resource: 'pods', namespace: '', name: 'a' },
  revision,
  body,
  attributes: { labels: {}, fields: {} },
});

test('a state is read once, without who owns what', () => {
  const recent = new RecentlyRead();
  const one = stored(1);
  expect(recent.get(one).object).toEqual({ ...object, metadata: { name: 'a', resourceVersion: '1' } });
  expect(recent.get(one)).toBe(recent.get(one));
  expect(recent.get(stored(2)).object.metadata.resourceVersion).toBe('2');
});

test('of more than there is room for the oldest are read again', () => {
  const recent = new RecentlyRead(2 * body.length);
  const all = [stored(1), stored(2), stored(3)] as const;
  const [first, second] = all.map((one) => recent.get(one));
  expect(recent.get(all[1])).toBe(second);
  expect(recent.get(all[0])).not.toBe(first);
  expect(recent.get(all[1])).not.toBe(second);
});
