import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedByOthers, parseYaml, sameJson, toYaml } from './document.js';

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
