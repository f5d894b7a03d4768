import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutKnownOwners } from './known-owners.js';

const OWNERS = [{ manager: 'm', fieldsV1: { 'f:spec': { 'k:{"name":"x"}': {} } } }];
const known = Buffer.from(JSON.stringify(OWNERS));
const cut = (object: unknown) => withoutKnownOwners(Buffer.from(JSON.stringify(object)), known)?.toString();

test.each([
  ['first', { metadata: { managedFields: OWNERS, name: 'a' }, kind: 'Pod' }],
  ['in the middle', { kind: 'Pod', metadata: { name: 'a', managedFields: OWNERS, uid: 'u' }, spec: {} }],
  ['last', { spec: {}, metadata: { labels: { a: 'b' }, name: 'a', managedFields: OWNERS } }],
  ['alone', { metadata: { managedFields: OWNERS }, kind: 'Pod' }],
])('managed fields that are known are cut out where they stand %s', (_, { metadata, ...rest }) => {
  const { managedFields: _managed, ...meta } = metadata as Record<string, unknown>;
  expect(JSON.parse(cut({ metadata, ...rest }) ?? '')).toEqual({ metadata: meta, ...rest });
});

test.each([
  ['others', { metadata: { name: 'a', managedFields: [] } }],
  ['more', { metadata: { name: 'a', managedFields: [...OWNERS, ...OWNERS] } }],
  ['none', { metadata: { name: 'a' } }],
  ['those of something else', { spec: { template: { metadata: { managedFields: OWNERS } } } }],
  ['those of no metadata', { spec: { managedFields: OWNERS } }],
  ['those of a part of the metadata', { metadata: { labels: { managedFields: OWNERS } } }],
  ['those beside the metadata', { metadata: {}, managedFields: OWNERS }],
  [
    'those of something else as well',
    { metadata: { managedFields: OWNERS }, spec: { metadata: { managedFields: OWNERS } } },
  ],
  ['text', { metadata: { annotations: { a: JSON.stringify({ managedFields: OWNERS }) } } }],
])('%s are left', (_, object) => expect(cut(object)).toBeUndefined());

test('what is said twice is left, to be told of', () => {
  const body = `{"metadata":{"managedFields":${known.toString()},"managedFields":[]}}`;
  expect(withoutKnownOwners(Buffer.from(body), known)).toBeUndefined();
});

test('what cannot be read is no more readable for it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const body = `${before}"managedFields":${known.toString()}${after}`;
      const left = withoutKnownOwners(Buffer.from(body), known);
      if (left === undefined) return;
      expect(isJson(left.toString())).toBe(isJson(body));
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
