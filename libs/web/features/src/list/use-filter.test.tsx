import { event, runningPod } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import fc from 'fast-check';
import { useTranslations } from 'next-intl';
import { expect, test } from 'vitest';
import { kindView } from '../kinds/kind-views.js';
import type { Translate } from '../messages/index.js';
import { html, served } from '../testing/render.js';
import { type KindColumns, useColumns } from './use-columns.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { type ListFilter, readFilter, useFilter } from './use-filter.js';

const PODS = ['web-1', 'web-2', 'web-10', 'db-1'].map((name, at) => {
  const restartCount = at * 3;
  const states = [
    {
      name: 'main',
      image: 'i',
      imageID: '',
      ready: at !== 3,
      restartCount,
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    },
  ];
  return runningPod(`worker-${at}`, `10.244.0.${at}`, {
    metadata: { name },
    status: { containerStatuses: states },
  }) as unknown as UnstructuredObject;
});

/** What the hooks of a list of Pods answer. */
function inList(query: string): { filter: ListFilter; columns: KindColumns } {
  let seen: { filter: ListFilter; columns: KindColumns } | undefined;
  function Probe() {
    const t = useTranslations() as unknown as Translate;
    const view = kindView('pods');
    const columns = useColumns(served('pods'), { namespaceShown: true });
    const filter = useFilter(view, columns.columns, query);
    seen = { filter, columns };
    return <i>{t('columns.ready' as never)}</i>;
  }
  html(<Probe />);
  if (!seen) throw new Error('it was not drawn');
  return seen;
}
const found = (query: string) => {
  const { passes } = inList(query).filter;
  return PODS.filter((object) => passes?.(object) ?? true).map(({ metadata }) => metadata.name);
};

test('every column of a kind can be asked by its name', () => {
  expect(inList('').filter.fields).toEqual(
    expect.arrayContaining(['name', 'namespace', 'status', 'ready', 'restarts', 'node', 'ip']),
  );
  expect(inList('').filter.fields).not.toContain('age');
});

test.each([
  ['', ['web-1', 'web-2', 'web-10', 'db-1']],
  ['web-1', ['web-1']],
  ['node:worker-2', ['web-10']],
  ['restarts:>3', ['web-10', 'db-1']],
  ['ready:0/1', ['db-1']],
  ['status:Running -db', ['web-1', 'web-2', 'web-10']],
])('%j finds %j', (query, names) => {
  expect(found(query)).toEqual(names);
});

test('what a word was not found by is offered as a question about the field that has it', () => {
  expect(inList('worker-3').filter.suggest(PODS)).toEqual(['node:worker-3']);
  expect(inList('-worker-3').filter.suggest(PODS)).toEqual([]);
  expect(inList('10.244').filter.suggest(PODS)).toHaveLength(4);
});

test('rows are put in order by what a column means, the number after the word', () => {
  const { compare } = inList('').columns;
  const sorted = (column: string, descending = false) =>
    [...PODS].sort(compare({ column, descending })).map(({ metadata }) => metadata.name);
  expect(sorted('name')).toEqual(['db-1', 'web-1', 'web-2', 'web-10']);
  expect(sorted('restarts', true)).toEqual(['db-1', 'web-10', 'web-2', 'web-1']);
  expect(sorted('node')).toEqual(['web-1', 'web-2', 'web-10', 'db-1']);
});

test('whatever is offered finds something', () => {
  const view = kindView('events');
  const letters = fc.stringMatching(/^[a-z"*, >:()=-]{1,12}$/);
  fc.assert(
    fc.property(
      fc.array(letters, { minLength: 1, maxLength: 4 }),
      fc.stringMatching(/^[a-z]{1,2}$/),
      (messages, word) => {
        const events = messages.map(
          (message, at) => event({ metadata: { name: `e-${at}` }, message }) as unknown as UnstructuredObject,
        );
        const columns = view.columns?.(((key: string) => key) as unknown as Translate, NO_SURROUNDINGS) ?? [];
        const asked = (query: string) => readFilter(view, columns, query);
        for (const offered of asked(word).suggest(events)) {
          const { passes } = asked(offered);
          expect(
            events.some((each) => passes?.(each) ?? false),
            offered,
          ).toBe(true);
        }
      },
    ),
    { numRuns: 200 },
  );
});
