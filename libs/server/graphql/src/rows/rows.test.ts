import type { UnstructuredObject } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareValues } from './compare.js';
import { compileFilter, type Filter } from './filter.js';
import { parsePath, valuesAt } from './path.js';
import { compileSort } from './sort.js';

const pod = (name: string, rest: Record<string, unknown> = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { 'app.kubernetes.io/name': name } },
  ...rest,
});

describe('paths', () => {
  test.each([
    ['metadata.name', ['metadata', 'name']],
    ['spec.containers[0].image', ['spec', 'containers', 0, 'image']],
    ['spec.containers[*].image', ['spec', 'containers', '*', 'image']],
    ["metadata.labels['app.kubernetes.io/name']", ['metadata', 'labels', 'app.kubernetes.io/name']],
  ])('%s is understood', (text, steps) => {
    expect(parsePath(text)).toEqual(steps);
  });

  test.each(['', 'a..b', 'a[', "a['b", '[x]'])('"%s" is refused', (text) => {
    expect(() => parsePath(text)).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
  });

  test('a path that leads nowhere gives nothing, inherited members included', () => {
    expect(valuesAt(pod('a'), parsePath('status.phase'))).toEqual([]);
    expect(valuesAt(pod('a'), parsePath('metadata.constructor'))).toEqual([]);
  });
});

describe('filters', () => {
  const running = pod('web-1', {
    spec: { containers: [{ image: 'nginx' }, { image: 'envoy' }] },
    status: { phase: 'Running', restarts: 12, memory: '1Gi' },
  });
  test.each<[string, Filter, boolean]>([
    ['equal', { path: 'status.phase', equals: 'Running' }, true],
    ['not equal', { path: 'status.phase', notEquals: 'Running' }, false],
    ['one of', { path: 'status.phase', in: ['Pending', 'Running'] }, true],
    ['like', { path: 'metadata.name', like: 'WEB-*' }, true],
    ['like, in the middle', { path: 'metadata.name', like: '*b*1' }, true],
    ['not like', { path: 'metadata.name', like: 'web' }, false],
    ['numbers by size', { path: 'status.restarts', greaterThan: 9 }, true],
    ['quantities by amount', { path: 'status.memory', greaterThan: '900Mi' }, true],
    ['any item of a list', { path: 'spec.containers[*].image', equals: 'envoy' }, true],
    ['existence', { path: 'metadata.deletionTimestamp', exists: false }, true],
    [
      'or',
      {
        or: [
          { path: 'status.phase', equals: 'Failed' },
          { path: 'status.restarts', atLeast: 12 },
        ],
      },
      true,
    ],
    ['not', { not: { path: 'status.phase', equals: 'Running' } }, false],
    ['both parts', { path: 'status.phase', equals: 'Running', and: [{ path: 'status.restarts', lessThan: 5 }] }, false],
  ])('%s', (_, filter, expected) => {
    expect(compileFilter(filter)(running)).toBe(expected);
  });

  test('a condition that compares with nothing is refused', () => {
    expect(() => compileFilter({ path: 'a' })).toThrow('compares it with nothing');
  });

  test('a filter that is too large is refused', () => {
    const or = Array.from({ length: 200 }, () => ({ path: 'a', equals: 1 }));
    expect(() => compileFilter({ or })).toThrow('at most 100 conditions');
  });

  test('a filter and its negation never agree', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, pattern) => {
        const filter = { path: 'metadata.name', like: pattern };
        expect(compileFilter(filter)(pod(name))).not.toBe(compileFilter({ not: filter })(pod(name)));
      }),
    );
  });
});

describe('order', () => {
  test('absent values come last in both directions, ties by name', () => {
    const rows = [pod('c', { n: 1 }), pod('b'), pod('a', { n: 1 }), pod('d', { n: 2 })];
    const names = (direction: 'ASC' | 'DESC') =>
      [...rows].sort(compileSort([{ path: 'n', direction }])).map((row) => row.metadata.name);
    expect(names('ASC')).toEqual(['a', 'c', 'd', 'b']);
    expect(names('DESC')).toEqual(['d', 'a', 'c', 'b']);
  });

  test('values are ordered the same way round from either side', () => {
    const value = fc.oneof(fc.integer(), fc.string(), fc.constantFrom('1Gi', '900Mi', '500m', null, true));
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
      }),
    );
  });
});
