import type { UnstructuredObject } from '@binnacle/machinery-meta';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeBody,
  jsonBytes,
  metadataPieces,
  ownersBytes,
  ownersText,
  parseBody,
  parseOwned,
  unownedPieces,
} from './body.js';

const object = {
  metadata: { labels: { a: 'b' }, name: 'web', uid: 'u' },
  kind: 'Thing',
} as unknown as UnstructuredObject;
const OWNERS = '[{"manager":"m","operation":"Update","fieldsV1":{"f:spec":{"k:{\\"name\\":\\"x\\"}":{}}}}]';
const stored = (body: Buffer) => ({ body, revision: 7 });
const read = (text: Buffer | string): unknown => JSON.parse(text.toString());

describe('a stored body', () => {
  const owned = stored(encodeBody(object, OWNERS));
  const metadata = { ...object.metadata, resourceVersion: '7' };

  test('is served with its revision, managed fields included', () => {
    expect(read(jsonBytes(owned))).toEqual({
      ...object,
      metadata: { ...metadata, managedFields: JSON.parse(OWNERS) as unknown },
    });
    expect(read(jsonBytes(stored(encodeBody(object))))).toEqual({ ...object, metadata });
  });

  test('is cut in two', () => {
    expect(parseOwned(owned)).toEqual({ object: { ...object, metadata }, owners: OWNERS });
    expect([ownersText(owned), ownersBytes(owned).toString()]).toEqual([OWNERS, OWNERS]);
    expect(read(unownedPieces(owned).join(''))).toEqual({ ...object, metadata });
  });

  test('without managed fields, or with those of a former release, is left whole', () => {
    const managedFields = JSON.parse(OWNERS) as [];
    const former = stored(Buffer.from(JSON.stringify({ metadata: { name: 'web', managedFields }, kind: 'Thing' })));
    expect(ownersBytes(former)).toHaveLength(0);
    expect([ownersText(former), parseOwned(former).object.metadata.managedFields]).toEqual(['', managedFields]);
    expect(parseOwned(stored(encodeBody(object)))).toEqual({ object: { ...object, metadata }, owners: '' });
    expect(read(unownedPieces(former).join(''))).toMatchObject({ metadata: { managedFields } });
  });

  test('that an object holds itself stands at the same place', () => {
    const whole = { ...object, metadata: { ...object.metadata, managedFields: JSON.parse(OWNERS) as [] } };
    expect(encodeBody(whole).equals(owned.body)).toBe(true);
  });

  test('of a nameless object cannot have any', () => {
    expect(() => encodeBody({ ...object, metadata: {} }, OWNERS)).toThrow('must have a name');
  });
});

test('the metadata of a body is cut out of it, whatever stands there', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('}', '"}', '\\', '\\"}', '{"', ']}', 'é'));
  fc.assert(
    fc.property(fc.dictionary(text, text), fc.array(text), fc.boolean(), (labels, finalizers, isOwned) => {
      const metadata = { name: 'web', labels, finalizers };
      const body = encodeBody({ ...object, metadata } as UnstructuredObject, isOwned ? OWNERS : '');
      const owners = isOwned ? { managedFields: JSON.parse(OWNERS) as unknown } : {};
      const [opening, rest] = metadataPieces(stored(body));
      expect(read(opening + rest.toString())).toEqual({ ...metadata, ...owners, resourceVersion: '7' });
    }),
  );
});

test('no name of a field or a manager is taken for the end of managed fields', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('],"name":"', '}],"name":"x', '"],', '\\"],"name":"', '],'));
  fc.assert(
    fc.property(text, text, (manager, field) => {
      const entries = [{ manager, operation: 'Update' as const, fieldsV1: { [`f:${field}`]: {} } }];
      const { owners, object: rest } = parseOwned(stored(encodeBody(object, JSON.stringify(entries))));
      expect([JSON.parse(owners), rest.metadata.name]).toEqual([entries, 'web']);
      expect(parseBody(stored(encodeBody(object, owners))).metadata.managedFields).toEqual(entries);
    }),
  );
});
