import { formatYaml } from '@binnacle/machinery-yaml';
import { expect, it } from 'vitest';
import { collectionPieces } from './collection-answer.js';

const { signal } = new AbortController();
const text = async (member: 'items' | 'rows', head: object, elements: readonly object[], format: 'json' | 'yaml') => {
  const written = elements.map((element) => [JSON.stringify(element).slice(0, 5), JSON.stringify(element).slice(5)]);
  return (await collectionPieces({ head, member, elements: written }, { format }, signal)).join('');
};

const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '5' } };
const table = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {}, columnDefinitions: [{ name: 'a' }] };
const elements = [
  { metadata: { name: 'a' }, text: 'two\nlines\n\n' },
  { list: [[1, '2'], { b: null }], yes: 'yes' },
];

it.each<[string, 'items' | 'rows', object, object[]]>([
  ['a list', 'items', list, elements],
  ['an empty list', 'items', list, []],
  ['a Table', 'rows', table, elements],
])('%s reads as if it had been written at once', async (_what, member, head, written) => {
  const whole = { ...head, [member]: written };
  expect(JSON.parse(await text(member, head, written, 'json'))).toEqual(whole);
  expect(await text(member, head, written, 'yaml')).toBe(formatYaml(whole, { sorted: true }));
});
