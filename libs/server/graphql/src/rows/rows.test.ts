import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import type { FieldType, ScalarType } from '@binnacle/apis-schema';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { StoredObject } from '@binnacle/server-storage';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Columns } from './columns.js';
import { typedPath } from './field-types.js';
import { compileFilter, type Filter } from './filter.js';
import { compareKeys, keyOf } from './keys.js';
import { indexOf, likePattern } from './like.js';
import { EVERY, parsePath, valuesAt } from './path.js';
import { compileSort, sortInSteps, type SortKey } from './sort.js';

const POD = 'io.k8s.api.core.v1.Pod';
const NODE = 'io.k8s.api.core.v1.Node';

const pod = (name: string, rest: Record<string, unknown> = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { 'app.kubernetes.io/name': name } },
  ...rest,
});

function matches(filter: Filter, object: UnstructuredObject, schema = POD): boolean {
  const columns = new Columns({ schema, schemas: builtinSchemas });
  const compiled = compileFilter(filter, columns);
  return compiled.matches(Array.from({ length: columns.count }, (_, column) => columns.read(object, column)));
}

const refusedAs = (message: string) =>
  expect.objectContaining({ reason: 'BadRequest', message: expect.stringContaining(message) });

describe('paths', () => {
  test.each([
    ['metadata.name', ['metadata', 'name']],
    ['spec.containers[0].image', ['spec', 'containers', 0, 'image']],
    ['spec.containers[*].image', ['spec', 'containers', EVERY, 'image']],
    ["metadata.labels['app.kubernetes.io/name']", ['metadata', 'labels', 'app.kubernetes.io/name']],
    ["metadata.labels['*']", ['metadata', 'labels', '*']],
  ])('%s is understood', (text, steps) => {
    expect(parsePath(text)).toEqual(steps);
  });

  test.each(['', 'a..b', 'a[', "a['b", '[x]', 'a'.repeat(600), 'a.'.repeat(40) + 'a'])('"%s" is refused', (text) => {
    expect(() => parsePath(text)).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
  });

  test('a path that leads nowhere gives nothing, inherited members included', () => {
    expect(valuesAt(pod('a'), parsePath('status.phase'))).toEqual([]);
    expect(valuesAt(pod('a'), parsePath('metadata.constructor'))).toEqual([]);
  });

  test.each([
    ['status.fase', 'PodStatus has no "fase"'],
    ['status.phase.x', 'a value has no "x" inside'],
    ['spec.containers.image', 'a list has no "image"; say [*]'],
    ['metadata.labels[0]', 'a map has no [0]'],
    ['spec[0]', 'PodSpec has no [0]'],
    ['status[*]', 'PodStatus has no [*]'],
    ['constructor', 'Pod has no "constructor"'],
    ['metadata.__proto__', 'ObjectMeta has no "__proto__"'],
  ])('%s is refused, as no Pod has it', (text, why) => {
    expect(() => typedPath({ schema: POD, schemas: builtinSchemas }, text)).toThrow(
      refusedAs(`invalid path "${text}": ${why}`),
    );
  });

  test.each([
    [POD, 'spec.containers[*].resources.limits.cpu', 'quantity'],
    [POD, "metadata.annotations['x']", 'string'],
    [POD, 'metadata.managedFields[0].fieldsV1.anything.goes[3]', 'any'],
    [NODE, 'status.capacity.memory', 'quantity'],
    [POD, 'spec.priority', 'int32'],
  ])('of a %s, %s is a %s', (schema, text, scalar) => {
    expect(typedPath({ schema, schemas: builtinSchemas }, text).type).toEqual({ kind: 'scalar', scalar });
  });
});

describe('filters', () => {
  const running = pod('web-1', {
    spec: {
      priority: 12,
      containers: [
        { image: 'nginx', resources: { limits: { memory: '1Gi', cpu: '0.5' } }, stdin: true },
        { image: 'envoy', env: [{ name: 'VERSION', value: '1.0' }] },
      ],
    },
    status: { phase: 'Running', startTime: '2026-01-31T12:00:00Z' },
  });
  const VERSION = 'spec.containers[*].env[*].value';
  const MEMORY = 'spec.containers[*].resources.limits.memory';
  const CPU = 'spec.containers[*].resources.limits.cpu';
  test.each<[string, Filter, boolean]>([
    ['equal', { path: 'status.phase', equals: 'Running' }, true],
    ['not equal', { path: 'status.phase', notEquals: 'Running' }, false],
    ['one of', { path: 'status.phase', in: ['Pending', 'Running'] }, true],
    ['one of none', { path: 'status.phase', in: [] }, false],
    ['like', { path: 'metadata.name', like: 'WEB-*' }, true],
    ['like, in the middle', { path: 'metadata.name', like: '*b*1' }, true],
    ['not like', { path: 'metadata.name', like: 'web' }, false],
    ['numbers by size', { path: 'spec.priority', greaterThan: 9 }, true],
    ['numbers that a form gives as text', { path: 'spec.priority', equals: '12' }, true],
    ['quantities by amount', { path: MEMORY, greaterThan: '900Mi' }, true],
    ['quantities that are written differently', { path: CPU, equals: '500m' }, true],
    ['quantities among others', { path: CPU, in: ['1', '500m'] }, true],
    ['texts that are numbers, as texts', { path: VERSION, equals: '1' }, false],
    ['texts that are numbers, not equal', { path: VERSION, notEquals: '1' }, true],
    ['texts that are numbers, among others', { path: VERSION, in: ['1', '1.00'] }, false],
    ['texts that are numbers, in the order of texts', { path: VERSION, greaterThan: '1' }, true],
    ['truths', { path: 'spec.containers[*].stdin', equals: true }, true],
    ['moments', { path: 'status.startTime', lessThan: '2026-01-31T13:30:00+01:00' }, true],
    ['the same moment', { path: 'status.startTime', equals: '2026-01-31T13:00:00+01:00' }, true],
    ['whole objects', { path: 'spec.containers[1].env[0]', equals: { value: '1.0', name: 'VERSION' } }, true],
    ['any item of a list', { path: 'spec.containers[*].image', equals: 'envoy' }, true],
    ['existence', { path: 'metadata.deletionTimestamp', exists: false }, true],
    [
      'or',
      {
        or: [
          { path: 'status.phase', equals: 'Failed' },
          { path: 'spec.priority', atLeast: 12 },
        ],
      },
      true,
    ],
    ['not', { not: { path: 'status.phase', equals: 'Running' } }, false],
    ['both parts', { path: 'status.phase', equals: 'Running', and: [{ path: 'spec.priority', lessThan: 5 }] }, false],
  ])('%s', (_, filter, expected) => {
    expect(matches(filter, running)).toBe(expected);
  });

  test.each<[string, Filter, string]>([
    ['nothing to compare with', { path: 'status.phase' }, 'compares it with nothing'],
    ['no path', { equals: 'x' }, 'needs the path'],
    ['a path no kind has', { path: 'status.fase', exists: true }, 'PodStatus has no "fase"'],
    ['a text for a number', { path: 'spec.priority', equals: 'high' }, '"high" is no number'],
    ['a number that is too large', { path: 'spec.priority', equals: Number.POSITIVE_INFINITY }, 'too large'],
    ['an object for a text', { path: 'status.phase', equals: {} }, '{} is no single value'],
    ['what is no quantity', { path: CPU, lessThan: 'much' }, '"much" is no quantity'],
    ['what is no moment', { path: 'status.startTime', lessThan: 'now' }, '"now" is no moment'],
    ['what is not true and not false', { path: 'spec.hostNetwork', equals: 'yes' }, 'neither true nor false'],
    ['an order of lists', { path: 'spec.containers', lessThan: 1 }, 'have no order'],
    ['a text for a list', { path: 'spec.containers', equals: 'x' }, '"x" is no list'],
    ['a list for an object', { path: 'spec', in: [{}, []] }, '[] is no object'],
    ['a text for a map', { path: 'metadata.labels', notEquals: 'x' }, '"x" is no object'],
    ['a pattern for an object', { path: 'spec', like: '*' }, 'like compares single values'],
    ['null among values', { path: 'status.phase', in: [null] }, 'null is no value'],
    ['too many values', { path: 'status.phase', in: Array.from({ length: 1001 }, String) }, 'at most 1000 values'],
    [
      'too many conditions',
      { or: Array.from({ length: 200 }, () => ({ path: 'status.phase', equals: 'a' })) },
      'at most 100',
    ],
    ['too long a pattern', { path: 'status.phase', like: 'a'.repeat(300) }, 'longer than 256'],
  ])('%s is refused', (_, filter, why) => {
    expect(() => matches(filter, running)).toThrow(refusedAs(why));
  });

  test('a filter and its negation never agree', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, pattern) => {
        const filter = { path: 'metadata.name', like: pattern.slice(0, 200) };
        expect(matches(filter, pod(name))).not.toBe(matches({ not: filter }, pod(name)));
      }),
    );
  });
});

describe('patterns', () => {
  test('a part is found where indexOf finds it, however the text repeats itself', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 });
    fc.assert(
      fc.property(letters, letters, (text, part) => {
        // Long enough for the search that is linear.
        const long = 'ab'.repeat(500_000 / Math.max(1, part.length)) + text;
        expect(indexOf(long, part, 3)).toBe(long.indexOf(part, 3));
      }),
      { numRuns: 20 },
    );
  });

  test('stars stand for any text', () => {
    expect(['abc', 'ac', 'abcd'].map((text) => likePattern('a*c')?.(text))).toEqual([true, true, false]);
  });
});

describe('order', () => {
  async function sorted(
    rows: readonly UnstructuredObject[],
    keys: readonly SortKey[],
    schema = POD,
  ): Promise<string[]> {
    const columns = new Columns({ schema, schemas: builtinSchemas });
    const sort = compileSort(keys, columns);
    const made = rows.map((object) => {
      const values = Array.from({ length: columns.count }, (_, column) => columns.read(object, column));
      const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
      return { stored: { key } as StoredObject, keys: sort.keysOf(values) };
    });
    const result = await sortInSteps(
      made,
      (left, right) => sort.compare(left, right),
      () => undefined,
    );
    return result.map(({ stored }) => stored.key.name);
  }
  const withPriority = (name: string, priority?: number) => pod(name, { spec: { ...(priority && { priority }) } });

  test('absent values come last in both directions, ties by name', async () => {
    const rows = [withPriority('c', 1), withPriority('b'), withPriority('a', 1), withPriority('d', 2)];
    const names = (direction: 'ASC' | 'DESC') => sorted(rows, [{ path: 'spec.priority', direction }]);
    expect(await names('ASC')).toEqual(['a', 'c', 'd', 'b']);
    expect(await names('DESC')).toEqual(['d', 'a', 'c', 'b']);
  });

  test('quantities are ordered by amount, and texts that look like them as texts', async () => {
    const node = (name: string, memory: string) => ({ ...pod(name), status: { capacity: { memory } } });
    const nodes = [node('1Gi', '1Gi'), node('900Mi', '900Mi'), node('2G', '2G')];
    expect(await sorted(nodes, [{ path: 'status.capacity.memory' }], NODE)).toEqual(['900Mi', '1Gi', '2G']);
    expect(await sorted(nodes, [{ path: 'metadata.name' }], NODE)).toEqual(['1Gi', '2G', '900Mi']);
  });

  test.each([
    ['a path no kind has', [{ path: 'status.fase' }], 'PodStatus has no "fase"'],
    ['a list', [{ path: 'spec.containers' }], 'have no order'],
    [
      'more keys than anybody needs',
      Array.from({ length: 2000 }, () => ({ path: 'metadata.name' })),
      'at most 20 keys',
    ],
  ])('%s is refused', async (_, keys, why) => {
    await expect(sorted([], keys)).rejects.toThrow(refusedAs(why));
  });

  test('sorting in steps gives what sorting at once does, and stops again and again', async () => {
    const numbers = Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 5_003);
    let [steps, compared] = [0, 0];
    let [most, since] = [0, 0];
    const compare = (left: number, right: number) => {
      compared += 1;
      since += 1;
      return left - right;
    };
    const step = () => {
      steps += 1;
      most = Math.max(most, since);
      since = 0;
      return undefined;
    };
    expect(await sortInSteps(numbers, compare, step)).toEqual([...numbers].sort((left, right) => left - right));
    expect(steps).toBeGreaterThan(compared / 3_000);
    expect(most).toBeLessThan(3_000);
  });

  test('values are ordered the same way round from either side, and equal only to themselves', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true }),
      fc.string(),
      fc.constantFrom('1Gi', '900Mi', '500m', '0.5', true, false),
    );
    const type = fc
      .constantFrom<ScalarType>('string', 'quantity', 'any', 'intOrString', 'time', 'double')
      .map((scalar): FieldType => ({ kind: 'scalar', scalar }));
    fc.assert(
      fc.property(type, value, value, (of, a, b) => {
        const [left, right] = [keyOf(of, a), keyOf(of, b)];
        expect(Math.sign(compareKeys(left, right)) + Math.sign(compareKeys(right, left))).toBe(0);
      }),
    );
  });
});
