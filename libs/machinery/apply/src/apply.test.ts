import type { UnstructuredObject } from '@binnacle/machinery-meta';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ApplyType, applyConfiguration, ATOMIC, DEDUCED, trackUpdate } from './index.js';

const struct = (fields: Record<string, ApplyType>): ApplyType => ({ kind: 'struct', field: (name) => fields[name] });
const map: ApplyType = { kind: 'map', of: ATOMIC };
const port = struct({ port: ATOMIC, protocol: ATOMIC, name: ATOMIC });
const type = struct({
  apiVersion: ATOMIC,
  kind: ATOMIC,
  metadata: struct({ name: ATOMIC, uid: ATOMIC, labels: map, finalizers: { kind: 'set' } }),
  spec: struct({
    replicas: ATOMIC,
    image: ATOMIC,
    args: ATOMIC,
    security: struct({ user: ATOMIC, group: ATOMIC }),
    ports: { kind: 'list', keys: ['port', 'protocol'], of: port },
  }),
  status: struct({ ready: ATOMIC }),
});

const object = (rest: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', ...metadata }, ...rest }) as UnstructuredObject;
const write = { type, manager: 'alice', apiVersion: 'v1', resetFields: ['status'], now: '2024-01-01T00:00:00Z' };
const apply = (live: UnstructuredObject | undefined, rest: object, options: object = {}) =>
  applyConfiguration(live, object(rest), { ...write, ...options });

describe('the first apply', () => {
  test('makes the object and owns what it says, but not what the server says', () => {
    const made = apply(undefined, { spec: { replicas: 1, ports: [{ port: 80 }], args: ['x'] }, status: { ready: 1 } });
    expect(made).toEqual(
      object(
        { spec: { replicas: 1, ports: [{ port: 80 }], args: ['x'] } },
        {
          managedFields: [
            {
              manager: 'alice',
              operation: 'Apply',
              apiVersion: 'v1',
              time: '2024-01-01T00:00:00Z',
              fieldsType: 'FieldsV1',
              fieldsV1: {
                'f:spec': {
                  'f:replicas': {},
                  'f:args': {},
                  'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
                },
              },
            },
          ],
        },
      ),
    );
  });

  test('meets what was there before it as another manager', () => {
    const live = object({ spec: { replicas: 1, image: 'x' } }, { uid: 'u' });
    expect(() => apply(live, { spec: { replicas: 2 } })).toThrow(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .spec.replicas',
    );
    const merged = apply(live, { spec: { replicas: 1 } });
    expect(merged.spec).toEqual({ replicas: 1, image: 'x' });
    expect(merged.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['alice', 'before-first-apply']);
  });
});

test('an element named twice is refused', () => {
  expect(() => apply(undefined, { spec: { ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] } })).toThrow(
    'failed to create typed patch object (/a; /v1, Kind=Thing): .spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
  );
});

describe('a later apply', () => {
  const first = apply(undefined, {
    spec: { replicas: 1, image: 'x', security: { user: 1 }, ports: [{ port: 80 }, { port: 81 }] },
  });

  test('that says the same changes nothing, times included', () => {
    const again = applyConfiguration(first, object({ spec: first.spec }), { ...write, now: '2025-01-01T00:00:00Z' });
    expect(again).toEqual(first);
  });

  test('takes away what it no longer says, with all that the server filled in', () => {
    const defaulted = structuredClone(first);
    Object.assign(defaulted.spec as object, {
      security: { user: 1, group: 5 },
      ports: [
        { port: 80, protocol: 'TCP', name: 'n' },
        { port: 81, protocol: 'TCP' },
      ],
    });
    const next = apply(defaulted, { spec: { replicas: 1, ports: [{ port: 81 }] } });
    expect(next.spec).toEqual({ replicas: 1, ports: [{ port: 81, protocol: 'TCP' }] });
  });

  test('leaves what another manager owns too', () => {
    const shared = applyConfiguration(first, object({ spec: { image: 'x', ports: [{ port: 80 }] } }), {
      ...write,
      manager: 'bob',
    });
    const next = apply(shared, { spec: { replicas: 1 } });
    expect(next.spec).toEqual({ replicas: 1, image: 'x', ports: [{ port: 80 }] });
    expect(next.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['alice', 'bob']);
  });

  test('conflicts where it would change what another owns, unless forced', () => {
    const config = object({ spec: { replicas: 3, image: 'y' } });
    const bob = { ...write, manager: 'bob' };
    expect(() => applyConfiguration(first, config, bob)).toThrow(
      'Apply failed with 2 conflicts: conflicts with "alice":\n- .spec.image\n- .spec.replicas',
    );
    expect(() => applyConfiguration(first, config, bob)).toThrow(
      expect.objectContaining({
        code: 409,
        details: {
          causes: [
            { reason: 'FieldManagerConflict', message: 'conflict with "alice"', field: '.spec.image' },
            { reason: 'FieldManagerConflict', message: 'conflict with "alice"', field: '.spec.replicas' },
          ],
        },
      }),
    );
    const forced = applyConfiguration(first, config, { ...bob, force: true });
    expect(forced.spec).toMatchObject({ replicas: 3, image: 'y', security: { user: 1 } });
    const alice = forced.metadata.managedFields?.find(({ manager }) => manager === 'alice');
    expect(JSON.stringify(alice?.fieldsV1)).not.toContain('f:replicas');
  });

  test('an atomic list is replaced and a set is shared', () => {
    const one = applyConfiguration(undefined, object({ spec: { args: ['a'] } }, { finalizers: ['x'] }), write);
    const two = applyConfiguration(one, object({}, { finalizers: ['y'] }), { ...write, manager: 'bob' });
    expect(two.metadata.finalizers).toEqual(['x', 'y']);
    const three = applyConfiguration(two, object({ spec: { args: ['b', 'c'] } }), write);
    expect([three.spec, three.metadata.finalizers]).toEqual([{ args: ['b', 'c'] }, ['y']]);
  });
});

describe('other writes', () => {
  const live = apply(undefined, { spec: { replicas: 1, image: 'x' } });

  test('cost nothing while nobody applied', () => {
    expect(trackUpdate(object({}), object({ spec: { replicas: 1 } }), write)).toEqual([]);
  });

  test('own what they change, and the applier loses it', () => {
    const next = { ...live, spec: { replicas: 5, image: 'x' } };
    const entries = trackUpdate(live, next, { ...write, manager: 'kubectl', now: '2024-02-02T00:00:00Z' });
    expect(entries).toMatchObject([
      { manager: 'alice', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:image': {} } } },
      {
        manager: 'kubectl',
        operation: 'Update',
        time: '2024-02-02T00:00:00Z',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      },
    ]);
    const kept = { ...next, metadata: { ...next.metadata, managedFields: [...entries] } };
    expect(() => apply(kept, { spec: { replicas: 1 } })).toThrow(
      'conflict with "kubectl" using v1 at 2024-02-02T00:00:00Z: .spec.replicas',
    );
    expect(apply(kept, { spec: { image: 'x' } }).spec).toEqual({ replicas: 5, image: 'x' });
  });

  test('a write that changes nothing keeps the entries', () => {
    expect(trackUpdate(live, structuredClone(live), write)).toEqual(live.metadata.managedFields);
  });

  test('managed fields can be reset', () => {
    const reset = { ...live, metadata: { ...live.metadata, managedFields: [{}] } };
    expect(trackUpdate(live, reset, write)).toEqual([]);
  });
});

const config = fc.record(
  {
    a: fc.nat(2),
    b: fc.record({ c: fc.nat(2), d: fc.nat(2) }, { requiredKeys: [] }),
    e: fc.array(fc.nat(2), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

describe('for any configurations', () => {
  const by = (manager: string) => ({ ...write, type: DEDUCED, manager, force: true });

  test('applying one after another leaves what the last says and nothing of what only the first said', () => {
    fc.assert(
      fc.property(config, config, (first, second) => {
        const one = applyConfiguration(undefined, object({ spec: first }), by('alice'));
        const two = applyConfiguration(one, object({ spec: second }), by('alice'));
        expect(two.spec).toEqual(second);
        expect(applyConfiguration(two, object({ spec: second }), by('alice'))).toEqual(two);
      }),
    );
  });

  test('two managers that never disagree end with both wishes in any order', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(3)),
        fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(3)),
        (left, right) => {
          const one = applyConfiguration(undefined, object({ spec: left }), by('alice'));
          const two = applyConfiguration(one, object({ spec: right }), { ...by('bob'), force: false });
          expect(two.spec).toEqual({ ...left, ...right });
          const gone = applyConfiguration(two, object({}), by('alice'));
          expect(gone.spec ?? {}).toEqual(right);
        },
      ),
    );
  });
});
