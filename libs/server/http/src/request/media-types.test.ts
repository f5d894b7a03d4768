import { describe, expect, test } from 'vitest';
import { bodyFormat, negotiateEncoding } from './media-types.js';

const ALL = { tables: true, yaml: true };
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';

describe('an answer is made', () => {
  test.each([
    [undefined, 'none json'],
    ['*/*', 'none json'],
    ['application/yaml', 'none yaml'],
    ['application/vnd.kubernetes.protobuf, application/json', 'none json'],
    [`${table},application/json`, 'table json'],
    [`application/json;q=0.5,${table}`, 'table json'],
    ['application/json;as=Table;v=v2;g=meta.k8s.io,application/json', 'none json'],
    ['application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', 'partialMetadata json'],
    ['application/json;profile=nopeer;charset=utf-8', 'none json'],
  ])('for %s as %s', (accept, expected) => {
    const { transform, format } = negotiateEncoding(accept, ALL);
    expect(`${transform} ${format}`).toBe(expected);
  });

  test.each([
    ['image/png', ALL],
    [table, { tables: false, yaml: true }],
    ['application/yaml', { tables: true, yaml: false }],
    ['constructor', ALL],
    ['application/json;as=constructor;v=v1;g=meta.k8s.io', ALL],
  ])('for %s not at all', (accept, limits) => {
    expect(() => negotiateEncoding(accept, limits)).toThrow('only the following media types are accepted');
  });
});

test('a body is read by its type, and as JSON without one', () => {
  expect([undefined, '', 'application/json; charset=utf-8', 'application/yaml'].map(bodyFormat)).toEqual([
    'json',
    'json',
    'json',
    'yaml',
  ]);
  for (const type of ['application/cbor', 'constructor', '__proto__', 'toString; charset=utf-8']) {
    expect(() => bodyFormat(type)).toThrow('unknown format');
  }
});
