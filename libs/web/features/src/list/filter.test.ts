import type { UnstructuredObject } from '@binnacle/web-data';
import type { SortValue } from '@binnacle/web-ui';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FilterSubject, objectFilter } from './filter.js';
import { parseFilter, withoutTerm } from './filter-terms.js';

const pod = (name: string, labels: Record<string, string> = {}, node = 'worker-1', restarts = 0) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels },
  node,
  restarts,
});
type TestPod = ReturnType<typeof pod>;

const subject: FilterSubject = {
  words: ({ metadata }) => [metadata.name ?? '', metadata.namespace ?? ''],
  fields: new Map<string, (object: UnstructuredObject) => readonly SortValue[]>([
    ['node', (object) => [(object as TestPod).node]],
    ['status', () => ['Running']],
    ['ready', () => ['1/2', 1]],
    ['restarts', (object) => [(object as TestPod).restarts]],
    ['namespace', (object) => [object.metadata.namespace ?? '']],
  ]),
};
const fields = new Set(subject.fields.keys());
const passes = (query: string, object: TestPod): boolean | undefined =>
  objectFilter(parseFilter(query, fields), subject)?.(object);

describe('words', () => {
  test.each([
    ['worker-1', 'worker-1', true],
    ['worker-1', 'worker-10', false],
    ['worker-1', 'worker-1.example', true],
    ['worker-1*', 'worker-10', true],
    ['worker-', 'worker-10', true],
    ['node1', 'node10', false],
    ['1', 'worker-10', false],
    ['1', 'worker-1', true],
    ['5d8f9', 'web-5d8f97-x', true],
    ['WEB', 'web', true],
    ['shop', 'web', true],
    ['running', 'web', false],
    ['web -db', 'web-db', false],
    ['web -back', 'web', true],
    ['"web db"', 'web', false],
    ['w*b', 'wide-b', true],
    ['a.b', 'axb', false],
  ])('%j finds %s: %s', (query, name, found) => expect(passes(query, pod(name))).toBe(found));

  test('do not look at other fields: worker-1 finds no Pod that only runs there', () => {
    expect(passes('worker-1', pod('web', {}, 'worker-1'))).toBe(false);
  });
});

describe('labels are read as the API reads them', () => {
  const fleet = pod('a', { app: 'fleet', 'app.kubernetes.io/name': 'x' });
  test.each([
    ['app=fleet', true],
    ['app==fleet', true],
    ['app=flee', false],
    ['app=Fleet', false],
    ['app!=fleet', false],
    ['tier!=front', true],
    ['app in (fleet, web)', true],
    ['app notin (fleet)', false],
    ['a app in (web,fleet)', true],
    ['!app', false],
    ['!tier', true],
    ['app=fleet,!tier', true],
    ['-app=fleet', false],
    ['label:app', true],
    ['-label:app', false],
    ['app.kubernetes.io/name=x', true],
  ])('%j: %s', (query, found) => expect(passes(query, fleet)).toBe(found));

  test('what has no such label is not found by words that look like one', () => {
    expect(passes('app=fleet', pod('app=fleet'))).toBe(false);
  });
});

describe('fields', () => {
  test.each([
    ['node:worker-1', true],
    ['node:worker', false],
    ['node:worker-*', true],
    ['node:*-1', true],
    ['node:w*r*1', true],
    ['node:w*x*1', false],
    ['node:worker-1*worker-1', false],
    ['-node:worker-1', false],
    ['status:running', true],
    ['status:Pending,Running', true],
    ['status:"Running"', true],
    ['ns:shop', true],
    ['ready:1/2', true],
    ['ready:*/2', true],
    ['ready:<2', true],
    ['ready:2/2', false],
    ['restarts:3', true],
    ['restarts:>2', true],
    ['restarts:>=3', true],
    ['restarts:<3', false],
  ])('%j: %s', (query, found) => expect(passes(query, pod('web', {}, 'worker-1', 3))).toBe(found));
});

test.each([
  ['-', []],
  ['  ', []],
  ['status:', []],
  ['nod:worker-1', ['field']],
  ['app in (a', ['list']],
  ['"web', ['quote']],
  ['a=b=c', ['selector']],
  ['app=ok nod:x', ['labels', 'field']],
])('%j is told as %j', (query, kinds) => {
  const terms = parseFilter(query, fields);
  expect(terms.map((term) => (term.kind === 'error' ? term.problem : term.kind))).toEqual(kinds);
});

test('what is not understood narrows nothing', () => expect(passes('nod:worker-1', pod('web'))).toBeUndefined());

test('a part can be taken out again', () => {
  const terms = parseFilter('web app in (a, b) status:Running', fields);
  expect(withoutTerm(terms, 1)).toBe('web status:Running');
});

test('any text is read', () => {
  fc.assert(fc.property(fc.string(), (text) => void passes(text, pod('web'))));
});
