import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { expectedKind, type ResourceDefinition } from '@binnacle/apis-registry';
import { parseYaml } from '@binnacle/machinery-yaml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfiguration } from './apply-configuration.js';

const expected = expectedKind(builtinResources.find('', 'v1', 'configmaps') as ResourceDefinition);
const head = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

test('JSON is read to the same as it is as the YAML that it is too', () => {
  const text = fc.string({ unit: 'grapheme' });
  const data = fc.dictionary(text, text, { minKeys: 1 });
  fc.assert(
    fc.property(data, fc.integer({ min: 0, max: 2 }), (data, indent) => {
      const text = JSON.stringify({ ...head, data }, null, indent);
      expect(readConfiguration(text, expected).config).toEqual(parseYaml(text).value);
    }),
  );
});

test('what is wrong with it is told as of YAML', () => {
  const twice = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"1","a":"2"}}`;
  const { config, repeated } = readConfiguration(twice, expected);
  expect(config).toMatchObject({ data: { a: '2' } });
  expect(repeated).toEqual([
    'error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key "a" already set in map',
  ]);
  expect(() => readConfiguration('{"apiVersion": "v1"', expected)).toThrow(
    'error decoding YAML: error converting YAML to JSON: yaml:',
  );
});

test('YAML that begins as JSON does is read as YAML', () => {
  const text = '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: "1"}}';
  expect(readConfiguration(text, expected).config).toMatchObject({ data: { a: '1' } });
});
