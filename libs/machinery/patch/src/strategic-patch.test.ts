import { describe, expect, test } from 'vitest';
import { applyStrategicMergePatch, type PatchField, type PatchSchema } from './index.js';

const schema = (name: string, fields: Record<string, PatchField>): PatchSchema => ({
  name,
  field: (key) => fields[key],
});

const container = schema('Container', {
  env: { mergeKey: 'name', strategies: ['merge'], schema: schema('EnvVar', {}) },
  ports: { mergeKey: 'containerPort', strategies: ['merge'], schema: schema('Port', {}) },
  args: { strategies: [] },
});
const spec = schema('Spec', {
  containers: { mergeKey: 'name', strategies: ['merge'], schema: container },
  volumes: { mergeKey: 'name', strategies: ['merge', 'retainKeys'], schema: schema('Volume', {}) },
  finalizers: { strategies: ['merge'] },
  strategy: { strategies: ['retainKeys'], schema: schema('Strategy', {}) },
  whole: { strategies: ['replace'], schema: schema('Whole', {}) },
});
const apply = (document: object, patch: unknown) => applyStrategicMergePatch({ ...document }, patch, spec);

describe('lists of objects', () => {
  const before = {
    containers: [
      { name: 'a', image: '1', args: ['x'] },
      { name: 'b', image: '2' },
    ],
  };

  test('elements are merged by key and others stay', () => {
    expect(apply(before, { containers: [{ name: 'b', image: '3' }] })).toEqual({
      containers: [
        { name: 'a', image: '1', args: ['x'] },
        { name: 'b', image: '3' },
      ],
    });
  });

  test('a new element stands before those the patch does not name', () => {
    expect(apply(before, { containers: [{ name: 'c', image: null, env: [] }] })).toEqual({
      containers: [{ name: 'c', env: [] }, ...before.containers],
    });
  });

  test('an element is deleted, and deleting what is not there is fine', () => {
    expect(
      apply(before, {
        containers: [
          { name: 'a', $patch: 'delete' },
          { name: 'z', $patch: 'delete' },
        ],
      }),
    ).toEqual({
      containers: [{ name: 'b', image: '2' }],
    });
  });

  test('a list is replaced as a whole', () => {
    expect(apply(before, { containers: [{ name: 'c' }, { $patch: 'replace' }] })).toEqual({
      containers: [{ name: 'c' }],
    });
  });

  test('a nested list has its own key', () => {
    const ports = { containers: [{ name: 'a', ports: [{ containerPort: 80 }, { containerPort: 81, name: 'x' }] }] };
    expect(apply(ports, { containers: [{ name: 'a', ports: [{ containerPort: 81, name: 'y' }] }] })).toEqual({
      containers: [{ name: 'a', ports: [{ containerPort: 80 }, { containerPort: 81, name: 'y' }] }],
    });
  });

  test('a list without a strategy is replaced', () => {
    expect(apply(before, { containers: [{ name: 'a', args: ['y'] }] })).toMatchObject({
      containers: [{ args: ['y'] }, {}],
    });
  });

  test('the order given is obeyed and elements only the server has keep their place', () => {
    const four = { containers: ['a', 'server', 'b', 'c'].map((name) => ({ name })) };
    const order = ['c', 'b', 'a'].map((name) => ({ name }));
    const patch = { '$setElementOrder/containers': order, containers: [{ name: 'b', image: '9' }] };
    expect(apply(four, patch)).toEqual({
      containers: [{ name: 'server' }, { name: 'c' }, { name: 'b', image: '9' }, { name: 'a' }],
    });
  });

  test('an order alone only orders', () => {
    const patch = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] };
    expect(apply(before, patch)).toMatchObject({ containers: [{ name: 'b' }, { name: 'a' }] });
  });
});

describe('lists of scalars', () => {
  test('merged without doubles', () => {
    expect(apply({ finalizers: ['a', 'b'] }, { finalizers: ['b', 'c'] })).toEqual({ finalizers: ['a', 'b', 'c'] });
  });

  test('elements are deleted and ordered by directives', () => {
    const patch = { '$deleteFromPrimitiveList/finalizers': ['a'], '$setElementOrder/finalizers': ['c', 'b'] };
    expect(apply({ finalizers: ['a', 'b', 'c'] }, patch)).toEqual({ finalizers: ['c', 'b'] });
  });
});

describe('objects', () => {
  test('null deletes, a deeper object is merged, another type replaces', () => {
    const before = { metadata: { labels: { a: '1', b: '2' } }, x: { y: 1 } };
    expect(apply(before, { metadata: { labels: { a: null, c: '3' } }, x: [1] })).toEqual({
      metadata: { labels: { b: '2', c: '3' } },
      x: [1],
    });
  });

  test('$patch replaces or empties', () => {
    expect(apply({ strategy: { a: 1 } }, { strategy: { $patch: 'replace', b: 2 } })).toEqual({ strategy: { b: 2 } });
    expect(apply({ strategy: { a: 1 } }, { strategy: { $patch: 'delete' } })).toEqual({ strategy: {} });
    expect(apply({ whole: { a: 1 } }, { whole: { b: 2 } })).toEqual({ whole: { b: 2 } });
  });

  test('$retainKeys drops the rest', () => {
    const before = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } };
    const patch = { strategy: { $retainKeys: ['type'], type: 'Recreate' } };
    expect(apply(before, patch)).toEqual({ strategy: { type: 'Recreate' } });
  });

  test('nothing of the document is changed in place', () => {
    const before = { containers: [{ name: 'a', image: '1' }] };
    const copy = structuredClone(before);
    apply(before, { containers: [{ name: 'a', image: '2' }] });
    expect(before).toEqual(copy);
  });

  test('a member called __proto__ is only a member', () => {
    const result = apply({ data: {} }, JSON.parse('{"data":{"__proto__":{"polluted":1}}}'));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(JSON.stringify(result)).toBe('{"data":{"__proto__":{"polluted":1}}}');
  });
});

test.each([
  [{ strategy: { $retainKeys: ['a'], b: 1 } }, 'invalid patch format of retainKeys'],
  [{ '$setElementOrder/containers': 'a' }, 'invalid patch format of setElementOrder list'],
  [{ '$deleteFromPrimitiveList/finalizers': 'a' }, 'invalid patch format of primitive list'],
  [
    { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'b' }] },
    "doesn't match $setElementOrder list",
  ],
  [[], 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
])('%j is refused', (patch, message) => {
  const document = { containers: [{ name: 'a' }], strategy: {}, finalizers: ['x'] };
  expect(() => apply(document, patch)).toThrow(message);
  expect(() => apply(document, patch)).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
});

test.each([
  [{ containers: [{ image: '1' }] }, 500, 'does not contain declared merge key: name'],
  [{ containers: ['x'] }, 500, 'list element types are not identical'],
  [{ containers: [{ name: 'a', $patch: 'boil' }] }, 500, 'unknown patch type: boil'],
  [{ containers: [['x']] }, 422, 'the server rejected our request due to an error in our request'],
])('%j fails with %i, as upstream', (patch, code, message) => {
  const failure = expect.objectContaining({ code, message: expect.stringContaining(message) });
  expect(() => apply({ containers: [{ name: 'a' }] }, patch)).toThrow(failure);
});
