import { expect, test } from 'vitest';
import { readFound, searchOperation } from './object-search.js';

test('one operation asks for names of all kinds and for nothing else', () => {
  const { query = '', variables = {} } = searchOperation('Web') ?? {};
  expect(query).not.toMatch(/\bdata\b|secret/i);
  expect(query.match(/\{ metadata \{ name namespace \} \}/g)).toHaveLength(10);
  expect(variables.k4_0).toEqual({ path: 'metadata.name', like: 'web*' });
});

test('a word that names a kind is not looked for in its names', () => {
  const { variables = {} } = searchOperation('pod shop/web') ?? {};
  const like = (filter: unknown) =>
    JSON.stringify(filter)
      .match(/\*\w+\*/g)
      ?.filter((_, index) => index % 2 === 0);
  expect(like(variables.k4_0)).toEqual(['*shop*', '*web*']);
  expect(like(variables.k0_0)).toEqual(['*pod*', '*shop*', '*web*']);
});

test('nothing typed asks nothing', () => expect(searchOperation(' * / ')).toBeUndefined());

test('what is found twice is told once, and what may not be read is left out', () => {
  const page = { nodes: [{ metadata: { name: 'a', namespace: 'n' } }] };
  const { objects, more } = readFound({
    k4_0: page,
    k4_1: page,
    k3_0: null,
    k2_0: { nodes: [{ metadata: { name: 'w' } }] },
  });
  expect(more).toBe(false);
  expect(objects).toEqual([
    { apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'a' },
    { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'w' },
  ]);
});

test('a full page means that there may be more', () => {
  const nodes = Array.from({ length: 20 }, (_, at) => ({ metadata: { name: `p${at}`, namespace: 'n' } }));
  expect(readFound({ k4_0: { nodes } }).more).toBe(true);
});
