import type { ManagedFieldsEntry, UnstructuredObject } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import { DEDUCED, type ManagedWrite, type Owned, trackUpdate } from './index.js';
import { list, NUMBER, STRING, struct } from './testing/types.js';

const container = struct({
  name: { type: STRING, zero: '', default: '' },
  image: STRING,
  resources: { type: struct({ limits: NUMBER }), zero: {} },
  tags: list('set', STRING),
});
const strategy = struct({ kind: STRING, rolling: struct({ surge: NUMBER }) });
const type = struct({
  metadata: struct({ labels: { kind: 'map', of: STRING, atomic: false }, generation: NUMBER }),
  spec: {
    type: struct({
      replicas: NUMBER,
      containers: { type: list('map', container, 'name'), zero: null },
      strategy: { type: strategy, zero: {} },
      selector: { type: struct({ app: STRING }, true), zero: null },
      ports: list('map', container, 'name'),
    }),
    zero: {},
  },
  status: { type: struct({ ready: NUMBER, names: list('set', STRING) }), zero: {} },
});
const object = (rest: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', ...metadata }, ...rest }) as UnstructuredObject;
const at = (second: number) => `2024-01-01T00:00:${String(second).padStart(2, '0')}Z`;
const write: ManagedWrite = { type, manager: 'alice', apiVersion: 'v1', resetFields: [['status']], now: at(1) };
const NOTHING: Owned = { object: object({}, { name: undefined }), owners: '' };
const made = (rest: object, options: Partial<ManagedWrite> = {}, metadata: object = {}): Owned => {
  const next = object(rest, metadata);
  return { object: next, owners: trackUpdate(NOTHING, next, { ...write, ...options }) };
};
const entries = (owners: string) => (owners === '' ? [] : (JSON.parse(owners) as ManagedFieldsEntry[]));
const who = (owners: string) => entries(owners).map(({ manager, time }) => `${manager} ${time?.slice(17, 19)}`);

describe('who makes an object owns all of it', () => {
  test('but what the endpoint does not write and what the server says', () => {
    const { owners } = made({ spec: { replicas: 1 }, status: { ready: 1 } }, {}, { labels: { a: 'b' }, generation: 1 });
    expect(entries(owners)).toEqual([
      {
        manager: 'alice',
        operation: 'Update',
        apiVersion: 'v1',
        time: at(1),
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:spec': { 'f:replicas': {} } },
      },
    ]);
  });

  test('and what is there anyhow only where it says something of it', () => {
    const spec = {
      containers: [{ name: 'c', image: 'x' }],
      ports: [{ name: 'p', resources: { limits: 1 } }],
      strategy: { rolling: { surge: 1 } },
      selector: { app: 'x' },
    };
    expect(entries(made({ spec }).owners)[0]?.fieldsV1).toEqual({
      'f:spec': {
        // What stands at an empty value upstream has no mark of its own, but what is new has.
        'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:resources': {} } },
        'f:ports': {
          '.': {},
          'k:{"name":"p"}': { '.': {}, 'f:name': {}, 'f:resources': { '.': {}, 'f:limits': {} } },
        },
        'f:selector': {},
        'f:strategy': { 'f:rolling': { '.': {}, 'f:surge': {} } },
      },
    });
  });

  test('as a whole where no schema says more', () => {
    expect(entries(made({ spec: { a: { b: [1] } } }, { type: DEDUCED }).owners)[0]?.fieldsV1).toEqual({
      'f:spec': { '.': {}, 'f:a': { '.': {}, 'f:b': {} } },
    });
  });
});

describe('a later write', () => {
  const live = made({ spec: { replicas: 1, containers: [{ name: 'c', image: 'x' }] } });
  const next = (rest: object, options: Partial<ManagedWrite> = {}, from = live): Owned => {
    const object_ = object(rest);
    return { object: object_, owners: trackUpdate(from, object_, { ...write, now: at(2), ...options }) };
  };
  const { spec } = live.object;

  test('that changes nothing leaves the text as it is', () => {
    expect(next(structuredClone({ spec })).owners).toBe(live.owners);
  });

  test('owns what it changes, and who owned it loses that but not its time', () => {
    const { owners } = next({ spec: { ...(spec as object), replicas: 5 } }, { manager: 'bob' });
    expect(who(owners)).toEqual(['alice 01', 'bob 02']);
    expect(entries(owners).map(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('f:replicas'))).toEqual([
      false,
      true,
    ]);
  });

  test('that only takes away is noted at nobody', () => {
    const { owners } = next({ spec: { replicas: 1 } }, { manager: 'bob' });
    expect(who(owners)).toEqual(['alice 01']);
    expect(entries(owners)[0]?.fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  test('of the same manager joins its entry and renews the time', () => {
    const { owners } = next({ spec: { ...(spec as object), strategy: { kind: 'x' } } });
    expect(who(owners)).toEqual(['alice 02']);
    expect(JSON.stringify(entries(owners)[0]?.fieldsV1)).toMatch(/f:replicas.*f:strategy/);
  });

  test('of a subresource has an entry of its own', () => {
    const status = { subresource: 'status', resetFields: [['spec']] };
    const { owners } = next({ spec: { replicas: 9 }, status: { ready: 1, names: ['a', 'b'] } }, status);
    expect(entries(owners)[1]).toMatchObject({
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:names': { '.': {}, 'v:"a"': {}, 'v:"b"': {} }, 'f:ready': {} } },
    });
    expect(entries(owners)[0]).toEqual(entries(live.owners)[0]);
  });

  test('that knows of one path owns nothing else', () => {
    const scaled = { ...(spec as object), replicas: 3, strategy: { kind: 'x' } };
    const { owners } = next({ spec: scaled }, { manager: 'hpa', onlyFields: [['spec', 'replicas']] });
    expect(entries(owners)[1]?.fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  test('owns an element that is there twice as a whole', () => {
    const twice = next({ spec: { containers: [{ name: 'c', image: 'x' }, { name: 'c' }] } }, { manager: 'bob' });
    expect(entries(twice.owners)[0]?.fieldsV1).toEqual({ 'f:spec': { 'f:containers': { 'k:{"name":"c"}': {} } } });
    const once = next({ spec: { containers: [{ name: 'c', image: 'x' }] } }, { manager: 'eve' }, twice);
    expect(entries(once.owners).at(-1)).toMatchObject({
      manager: 'eve',
      fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } },
    });
  });

  test('of a list without keys leaves nobody told', () => {
    expect(next({ spec: { ports: [1] } }).owners).toBe('');
  });
});

describe('managed fields that a client sends', () => {
  const live = made({ spec: { replicas: 1 } });
  const entry = {
    manager: 'x',
    operation: 'Apply' as const,
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:replicas': {} } },
  };
  const sent = (managedFields: unknown, options: Partial<ManagedWrite> = {}) =>
    trackUpdate(live, object({ spec: { replicas: 1 } }, { managedFields }), { ...write, now: at(2), ...options });

  test('are taken for those to start from', () => {
    expect(who(sent([entry]))).toEqual(['x undefined']);
  });

  test.each([[[]], [[{}]]])('as %j forget all', (managedFields) => {
    expect(sent(managedFields)).toBe('');
  });

  test.each([
    [undefined],
    [[{ ...entry, operation: 'Sing' }]],
    [[{ ...entry, apiVersion: '' }]],
    [[{ ...entry, fieldsType: 'FieldsV2' }]],
    [[{ ...entry, fieldsV1: { 'k:{': {} } }]],
  ])('as %j are passed over', (managedFields) => {
    expect(sent(managedFields)).toBe(live.owners);
  });

  test('to a subresource are passed over', () => {
    expect(sent([], { subresource: 'status', resetFields: [['spec']] })).toBe(live.owners);
  });
});

test('of more than ten that write the oldest of one version are joined', () => {
  let state = made({ spec: { replicas: 0 } }, { manager: 'm0', now: at(0) });
  const labels: Record<string, string> = {};
  for (let turn = 1; turn <= 12; turn += 1) {
    labels[`l${turn}`] = 'x';
    const next = object({ spec: { replicas: 0 } }, { labels: { ...labels } });
    state = { object: next, owners: trackUpdate(state, next, { ...write, manager: `m${turn}`, now: at(turn) }) };
  }
  expect(who(state.owners)).toEqual([
    'ancient-changes 03',
    ...Array.from({ length: 9 }, (_, i) => `m${i + 4} ${String(i + 4).padStart(2, '0')}`),
  ]);
  expect(JSON.stringify(entries(state.owners)[0]?.fieldsV1)).toMatch(/f:l1.*f:l2.*f:l3.*f:replicas/);
});

test('a manager in another version sees the change there, and goes where its version is gone', () => {
  const v2 = struct({ spec: struct({ count: NUMBER }) });
  const inVersion = (apiVersion: string) =>
    apiVersion === 'v2'
      ? {
          type: v2,
          convert: ({ spec, ...rest }: UnstructuredObject) =>
            ({ ...rest, spec: { count: (spec as { replicas: number }).replicas } }) as UnstructuredObject,
        }
      : undefined;
  const other = { operation: 'Update', time: at(1), fieldsType: 'FieldsV1' } as const;
  const managedFields = [
    { ...other, manager: 'two', apiVersion: 'v2', fieldsV1: { 'f:spec': { 'f:count': {}, 'f:kept': {} } } },
    { ...other, manager: 'old', apiVersion: 'v0', fieldsV1: { 'f:spec': { 'f:n': {} } } },
  ];
  const next = object({ spec: { replicas: 2 } }, { managedFields });
  const owners = trackUpdate({ object: object({ spec: { replicas: 1 } }), owners: '' }, next, { ...write, inVersion });
  expect(entries(owners).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
    ['alice', { 'f:spec': { 'f:replicas': {} } }],
    ['two', { 'f:spec': { 'f:kept': {} } }],
  ]);
});
