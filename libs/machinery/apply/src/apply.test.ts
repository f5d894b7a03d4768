import type { ManagedFieldsEntry, UnstructuredObject } from '@binnacle/machinery-meta';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyConfiguration, checkConfiguration, DEDUCED, type Owned, trackUpdate } from './index.js';
import { list, NUMBER, STRING, struct, TEXTS } from './testing/types.js';

const port = struct({ port: NUMBER, protocol: { type: STRING, default: 'TCP' }, name: STRING });
const security = struct({ user: NUMBER, group: NUMBER });
const type = struct({
  apiVersion: STRING,
  kind: STRING,
  metadata: struct({
    name: STRING,
    labels: { kind: 'map', of: STRING, atomic: false },
    finalizers: list('set', STRING),
  }),
  spec: struct({
    replicas: NUMBER,
    image: STRING,
    paused: { kind: 'scalar', of: 'boolean' },
    security,
    args: TEXTS,
    ports: list('map', port, 'port', 'protocol'),
  }),
  status: struct({ ready: NUMBER }),
});
const object = (rest: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', ...metadata }, ...rest }) as UnstructuredObject;
const write = { type, manager: 'alice', apiVersion: 'v1', resetFields: [['status']], now: '2024-01-01T00:00:00Z' };
const apply = (live: Owned | undefined, rest: object, options: object = {}) =>
  applyConfiguration(live, object(rest), { ...write, ...options });
const update = (live: Owned, next: UnstructuredObject, options: object = {}): Owned => ({
  object: next,
  owners: trackUpdate(live, next, { ...write, manager: 'scaler', ...options }),
});
const entriesOf = ({ owners }: Owned) => (owners === '' ? [] : (JSON.parse(owners) as ManagedFieldsEntry[]));
const namesOf = (owned: Owned) => entriesOf(owned).map(({ manager }) => manager);
const fieldsOf = (owned: Owned, name: string) => entriesOf(owned).find(({ manager }) => manager === name)?.fieldsV1;

describe('the first apply', () => {
  test('makes the object and owns what it says, but not what the endpoint does not write', () => {
    const made = apply(undefined, { spec: { replicas: 1, ports: [{ port: 80 }], args: ['x'] }, status: { ready: 1 } });
    expect(made.object.spec).toEqual({ replicas: 1, ports: [{ port: 80 }], args: ['x'] });
    expect(entriesOf(made)).toEqual([
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
    ]);
  });

  test('meets what nobody is told to own as another manager', () => {
    const live = { object: object({ spec: { replicas: 1, image: 'x' } }, { uid: 'u' }), owners: '' };
    expect(() => apply(live, { spec: { replicas: 2 } })).toThrow(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .spec.replicas',
    );
    const merged = apply(live, { spec: { replicas: 1 } });
    expect(merged.object.spec).toEqual({ replicas: 1, image: 'x' });
    expect(namesOf(merged)).toEqual(['alice', 'before-first-apply']);
  });
});

describe('a configuration', () => {
  const refused = (rest: object) => () => checkConfiguration(object(rest), write);
  const prefix = 'failed to create typed patch object (/a; /v1, Kind=Thing): ';

  test.each([
    [{ spec: { foo: 1 } }, '.spec.foo: field not declared in schema'],
    [{ spec: { replicas: 'x' } }, '.spec.replicas: expected numeric (int or float), got string'],
    [{ spec: { image: 1 } }, '.spec.image: expected string, got &value.valueUnstructured{Value:1}'],
    [{ spec: { paused: 'x' } }, '.spec.paused: expected boolean, got &{x}'],
    [{ spec: { security: [1] } }, '.spec.security: expected map, got &{[1]}'],
    [{ spec: { ports: { a: 1 } } }, '.spec.ports: expected list, got &{map[a:1]}'],
    [
      { spec: { ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] } },
      '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
    ],
    [
      { spec: { a: 1, b: 2 } },
      'errors:\n  .spec.a: field not declared in schema\n  .spec.b: field not declared in schema',
    ],
  ])('%j is refused', (rest, why) => {
    expect(refused(rest)).toThrow(prefix + why);
  });

  test('may say nothing by null', () => {
    expect(refused({ spec: { image: null, ports: null } })).not.toThrow();
    const live = apply(undefined, { spec: { image: 'x', replicas: 1 } });
    const next = apply(live, { spec: { image: null } });
    expect(next.object.spec).toEqual({ image: null });
    expect(fieldsOf(next, 'alice')).toEqual({ 'f:spec': { 'f:image': {} } });
  });

  test('may not say managed fields', () => {
    const config = object({}, { managedFields: [] });
    expect(() => checkConfiguration(config, write)).toThrow('metadata.managedFields must be nil');
  });
});

describe('a later apply', () => {
  const first = apply(undefined, {
    spec: { replicas: 1, image: 'x', security: { user: 1 }, ports: [{ port: 80 }, { port: 81 }] },
  });

  test('that says the same changes nothing, times included', () => {
    const again = applyConfiguration(first, object({ spec: first.object.spec }), {
      ...write,
      now: '2025-01-01T00:00:00Z',
    });
    expect(again).toEqual(first);
  });

  test('takes away what it no longer says, with all that the server filled in', () => {
    const defaulted = structuredClone(first);
    Object.assign(defaulted.object.spec as object, {
      security: { user: 1, group: 5 },
      ports: [
        { port: 80, protocol: 'TCP', name: 'n' },
        { port: 81, protocol: 'TCP' },
      ],
    });
    const next = apply(defaulted, { spec: { replicas: 1, ports: [{ port: 81 }] } });
    expect(next.object.spec).toEqual({ replicas: 1, ports: [{ port: 81, protocol: 'TCP' }] });
  });

  test('leaves what another manager owns too', () => {
    const shared = apply(first, { spec: { image: 'x', ports: [{ port: 80 }] } }, { manager: 'bob' });
    const next = apply(shared, { spec: { replicas: 1 } });
    expect(next.object.spec).toEqual({ replicas: 1, image: 'x', ports: [{ port: 80 }] });
    expect(namesOf(next)).toEqual(['bob', 'alice']);
  });

  test('by somebody else that changes nothing has no time of its own', () => {
    const shared = apply(first, { spec: { image: 'x' } }, { manager: 'bob', now: '2025-01-01T00:00:00Z' });
    expect(entriesOf(shared)[0]).toMatchObject({ manager: 'bob', operation: 'Apply' });
    expect(entriesOf(shared)[0]).not.toHaveProperty('time');
  });

  test('conflicts where it would change what another owns, unless forced', () => {
    const config = object({ spec: { replicas: 3, image: 'y' } });
    const bob = { ...write, manager: 'bob' };
    expect(() => applyConfiguration(first, config, bob)).toThrow(
      expect.objectContaining({
        message: 'Apply failed with 2 conflicts: conflicts with "alice":\n- .spec.image\n- .spec.replicas',
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
    expect(forced.object.spec).toMatchObject({ replicas: 3, image: 'y', security: { user: 1 } });
    expect(JSON.stringify(fieldsOf(forced, 'alice'))).not.toContain('f:replicas');
  });

  test('conflicts on false as on any other value', () => {
    const paused = apply(undefined, { spec: { paused: true } });
    expect(() => apply(paused, { spec: { paused: false } }, { manager: 'bob' })).toThrow('"alice": .spec.paused');
  });

  test('an atomic list is replaced and a set is shared', () => {
    const one = applyConfiguration(undefined, object({ spec: { args: ['a'] } }, { finalizers: ['x'] }), write);
    const two = applyConfiguration(one, object({}, { finalizers: ['y'] }), { ...write, manager: 'bob' });
    expect(two.object.metadata.finalizers).toEqual(['x', 'y']);
    const three = applyConfiguration(two, object({ spec: { args: ['b', 'c'] } }), write);
    expect([three.object.spec, three.object.metadata.finalizers]).toEqual([{ args: ['b', 'c'] }, ['y']]);
  });
});

test('a write by somebody else after an apply conflicts with it from then on', () => {
  const live = apply(undefined, { spec: { replicas: 1, image: 'x' } });
  const scaled = update(live, object({ spec: { replicas: 5, image: 'x' } }));
  expect(() => apply(scaled, { spec: { replicas: 1 } })).toThrow('conflict with "scaler" using v1: .spec.replicas');
  expect(apply(scaled, { spec: { image: 'x' } }).object.spec).toEqual({ replicas: 5, image: 'x' });
});

const config = fc.record(
  {
    a: fc.nat(2),
    b: fc.record({ c: fc.nat(2), d: fc.nat(2) }, { requiredKeys: [] }),
    e: fc.array(fc.nat(2), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
/** Without members that say nothing: an object that lost all of them is null until it is brought into shape. */
const emptied = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, held: unknown) =>
    held === null || (typeof held === 'object' && Object.keys(held).length === 0) ? undefined : held,
  );

describe('for any configurations', () => {
  const by = (manager: string) => ({ ...write, type: DEDUCED, manager, force: true });

  test('applying one after another leaves what the last says and nothing of what only the first said', () => {
    fc.assert(
      fc.property(config, config, (first, second) => {
        const one = applyConfiguration(undefined, object({ spec: first }), by('alice'));
        const two = applyConfiguration(one, object({ spec: second }), by('alice'));
        expect(emptied(two.object.spec ?? {}) ?? {}).toEqual(emptied(second) ?? {});
        const again = applyConfiguration(two, object({ spec: second }), by('alice'));
        expect([emptied(again.object), again.owners]).toEqual([emptied(two.object), two.owners]);
      }),
    );
  });

  test('thousands of fields go and others come, each of which is looked for once', () => {
    const many = (prefix: string) => Array.from({ length: 9_000 }, (_, at) => `${prefix}${at}`);
    const labels = (prefix: string) => Object.fromEntries(many(prefix).map((name) => [name, 'x']));
    const said = (prefix: string) => object({}, { labels: labels(prefix), finalizers: many(prefix) });
    const first = applyConfiguration(undefined, said('a'), write);
    const second = applyConfiguration(first, said('b'), write);
    expect(second.object.metadata.labels).toEqual(labels('b'));
    expect(second.object.metadata.finalizers).toEqual(many('b'));
  });

  test('two managers that never disagree end with both wishes in any order', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(3)),
        fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(3)),
        (left, right) => {
          const one = applyConfiguration(undefined, object({ spec: left }), by('alice'));
          const two = applyConfiguration(one, object({ spec: right }), { ...by('bob'), force: false });
          expect(two.object.spec).toEqual({ ...left, ...right });
          const gone = applyConfiguration(two, object({}), by('alice'));
          expect(gone.object.spec ?? {}).toEqual(Object.keys(right).length > 0 ? right : {});
        },
      ),
    );
  });
});
