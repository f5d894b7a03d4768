import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atVersion, changedByOthers, inOrderOf, parseYaml, sameJson, toYaml } from './document.js';

const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', resourceVersion: '1', managedFields: [{ manager: 'kubectl' }] },
  data: { on: 'yes', port: '8080', text: 'a\nb\n' },
};

test('an object comes back as it went, without its managed fields', () => {
  const { managedFields: _, ...metadata } = object.metadata;
  expect(parseYaml(toYaml(object))).toEqual({ object: { ...object, metadata } });
  expect(toYaml(object, true)).toContain('manager: kubectl');
});

test('what a reader looks for stands first, what is long stands last', () => {
  const metadata = {
    resourceVersion: '1',
    annotations: { a: 'b' },
    uid: 'u',
    labels: { x: 'y' },
    name: 'n',
    namespace: 's',
  };
  const text = toYaml({ ...object, metadata });
  const keys = [...text.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key);
  expect(keys.slice(0, 6)).toEqual(['name', 'namespace', 'labels', 'resourceVersion', 'uid', 'annotations']);
});

test('text that is not YAML is told with its line', () => {
  expect(parseYaml('a: 1\nb: [\n')).toMatchObject({ message: expect.any(String), line: 3 });
  expect(parseYaml('- a')).toMatchObject({ line: 1 });
  expect(parseYaml('')).toMatchObject({ line: 1 });
});

test('YAML is read as the server reads it', () => {
  const read = (text: string) => (parseYaml(text) as { object: unknown }).object;
  expect(read('a: yes\nb: 0640\nc: "0640"\nd: 1e3\ne: ~')).toEqual({ a: true, b: 416, c: '0640', d: 1000, e: null });
  expect(toYaml({ ...object, data: { a: 'yes', b: '0640' } })).toContain('a: "yes"\n  b: "0640"');
});

test('a key given twice is told with its line, for nothing of it would reach the server', () => {
  expect(parseYaml('a: 1\nb: 2\na: 3')).toEqual({ message: 'key "a" already set in map', line: 3 });
});

test('the order of keys is no change', () => {
  const before = { spec: { b: 1, list: [{ name: 'x', image: 'i' }, { name: 'y' }], a: { c: 1, d: 2 } } };
  const after = { spec: { new: 1, a: { d: 2, c: 1 }, list: [{ name: 'y' }, { image: 'j', name: 'x' }], b: 1 } };
  expect(JSON.stringify(inOrderOf(before, after))).toBe(
    '{"spec":{"b":1,"list":[{"name":"y"},{"name":"x","image":"j"}],"a":{"c":1,"d":2},"new":1}}',
  );
});

test('any order is put right, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (model, value) => {
      expect(inOrderOf(model, value)).toEqual(value);
      expect(JSON.stringify(inOrderOf(value, value))).toBe(JSON.stringify(value));
    }),
  );
});

test('any text is either an object or a message', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseYaml(text)));
});

test('only what somebody else has authored conflicts', () => {
  const touched = { ...object, metadata: { ...object.metadata, resourceVersion: '2' }, status: { a: 1 } };
  expect(changedByOthers(object, touched)).toBe(false);
  expect(changedByOthers(object, { ...touched, data: { on: 'no' } })).toBe(true);
});

test('sameJson agrees with the text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(sameJson(a, structuredClone(a))).toBe(true);
      if (sameJson(a, b)) expect(JSON.stringify(a)?.length).toBe(JSON.stringify(b)?.length);
    }),
  );
});

test('a text is put on a version, and what is no metadata goes as it was written', () => {
  expect(atVersion(object, '7').metadata).toEqual({ ...object.metadata, resourceVersion: '7' });
  for (const metadata of ['words', ['a'], 5, null]) {
    expect(atVersion({ ...object, metadata } as never, '7')).toEqual({ ...object, metadata });
  }
  const { metadata: _, ...without } = object;
  expect(atVersion(without as never, '7')).toEqual(without);
});
