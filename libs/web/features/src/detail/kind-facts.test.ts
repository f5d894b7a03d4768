import { expect, test } from 'vitest';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { VIEWS } from '../kinds/kind-views.js';
import type { Translate } from '../messages/index.js';
import { kindFacts, mergeFacts } from './kind-facts.js';

const t = ((key: string) => key) as unknown as Translate;
const empty = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', namespace: 'default' } };

test.each(Object.entries(VIEWS))('the page of one of %s says what the list says of it', (_, view) => {
  const columns = (view.columns?.(t, NO_SURROUNDINGS) ?? []).map(({ id }) => id).filter((id) => id !== 'status');
  const facts = kindFacts(view, empty, t, NO_SURROUNDINGS).map(({ column }) => column);
  expect(facts).toEqual(expect.arrayContaining(columns));
  expect(new Set(facts.filter(Boolean)).size).toBe(facts.filter(Boolean).length);
});

test.each(
  Object.entries(VIEWS).filter(([, view]) => view.columns?.(t, NO_SURROUNDINGS).some(({ id }) => id === 'status')),
)('the status that the list of %s shows heads the page as well', (id, view) => {
  expect(view.status !== undefined || id === 'namespaces').toBe(true);
});

test('the words of the summary stand for the column of the same name, which keeps its place', () => {
  const column = (id: string) => ({ column: id, label: id, value: 'column' });
  const merged = mergeFacts(
    [column('a'), column('b')],
    [
      { ...column('b'), value: 'summary' },
      { label: 'c', value: 1 },
    ],
  );
  expect(merged.map(({ label, value }) => [label, value])).toEqual([
    ['a', 'column'],
    ['b', 'summary'],
    ['c', 1],
  ]);
});
