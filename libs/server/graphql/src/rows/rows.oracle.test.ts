import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { encodeBody, type StoredObject } from '@binnacle/server-storage';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Columns } from './columns.js';
import { compileFilter, type Filter } from './filter.js';
import { compareKeys, keyOf, operandKey } from './keys.js';
import { likePattern } from './like.js';
import { EVERY, parsePath, valuesAt } from './path.js';
import { compileSort, sortInSteps, type SortKey } from './sort.js';

const structure = { schema: 'io.k8s.api.core.v1.Pod', schemas: builtinSchemas };
const PRIORITY = 'spec.priority';
const NODE = 'spec.nodeName';
const IMAGE = 'spec.containers[*].image';

interface Row {
  readonly name: string;
  readonly priority: number | undefined;
  readonly node: string | undefined;
  readonly images: readonly string[];
}

const text = fc.constantFrom('a', 'B', 'ab', 'b', '10', '9');
const row: fc.Arbitrary<Row> = fc.record({
  name: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 }),
  priority: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
  node: fc.option(text, { nil: undefined }),
  images: fc.array(text, { maxLength: 3 }),
});

const objectOf = ({ name, priority, node, images }: Row): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { priority, nodeName: node, containers: images.map((image) => ({ image })) },
});

/** What a path leads to, read from the row itself. */
const presentAt = ({ priority, node, images }: Row, path: string): readonly (string | number)[] => {
  if (path === IMAGE) return images;
  const value = path === PRIORITY ? priority : node;
  return value === undefined ? [] : [value];
};

const COMPARISONS: Readonly<Record<string, (value: string | number, operand: unknown) => boolean>> = {
  equals: (value, operand) => value === (operand as typeof value),
  lessThan: (value, operand) => value < (operand as typeof value),
  atMost: (value, operand) => value <= (operand as typeof value),
  greaterThan: (value, operand) => value > (operand as typeof value),
  atLeast: (value, operand) => value >= (operand as typeof value),
  in: (value, operands) => (operands as unknown[]).includes(value),
};

const compares = (filter: Filter, present: readonly (string | number)[]): boolean =>
  Object.entries(COMPARISONS).every(([name, compare]) => {
    const operand = filter[name as keyof Filter];
    return operand === undefined || present.some((value) => compare(value, operand));
  });

/** Says the same as a filter in the plainest words. */
function holds(filter: Filter, one: Row): boolean {
  const { and, or, not, path, notEquals, exists } = filter;
  const present = path ? presentAt(one, path) : [];
  const parts = [
    compares(filter, present),
    notEquals === undefined || !present.includes(notEquals as string),
    exists === undefined || exists === present.length > 0,
    !and || and.every((part) => holds(part, one)),
    !or || or.some((part) => holds(part, one)),
    !not || !holds(not, one),
  ];
  return parts.every(Boolean);
}

const operand = (path: string): fc.Arbitrary<string | number> =>
  path === PRIORITY ? fc.integer({ min: -2, max: 2 }) : text;
const condition: fc.Arbitrary<Filter> = fc.constantFrom(PRIORITY, NODE, IMAGE).chain((path) =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom('equals', 'notEquals', 'lessThan', 'atMost', 'greaterThan', 'atLeast'), operand(path))
      .map(([name, value]) => ({ path, [name]: value })),
    fc.array(operand(path), { maxLength: 3 }).map((values) => ({ path, in: values })),
    fc.boolean().map((exists) => ({ path, exists })),
    fc.tuple(operand(path), operand(path)).map(([least, most]) => ({ path, atLeast: least, lessThan: most })),
  ),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc.array(tie('filter'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('filter'), { maxLength: 3 }).map((or) => ({ or })),
    tie('filter').map((not) => ({ not })),
    fc.tuple(condition, tie('filter')).map(([one, and]) => ({ ...one, and: [and] })),
  ),
}));

const read = (columns: Columns, object: UnstructuredObject) =>
  Array.from({ length: columns.count }, (_, column) => columns.read(object, column));

describe('rows', () => {
  test('that a filter keeps are those it describes', () => {
    fc.assert(
      fc.property(filter, row, (wanted, one) => {
        const columns = new Columns(structure);
        const { matches } = compileFilter(wanted, columns);
        expect(matches(read(columns, objectOf(one)))).toBe(holds(wanted, one));
      }),
      { numRuns: 500 },
    );
  });

  test('are sorted by each key in turn, what is absent last, then by name', async () => {
    const key: fc.Arbitrary<SortKey> = fc.record({
      path: fc.constantFrom(PRIORITY, NODE, IMAGE),
      direction: fc.constantFrom('ASC' as const, 'DESC' as const, null),
    });
    const compare = (keys: readonly SortKey[], left: Row, right: Row): number => {
      for (const { path, direction } of keys) {
        const [a, b] = [presentAt(left, path)[0], presentAt(right, path)[0]];
        if (a === b) continue;
        if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
        return (a < b ? -1 : 1) * (direction === 'DESC' ? -1 : 1);
      }
      return left.name < right.name ? -1 : Number(left.name > right.name);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 600 }),
        fc.array(key, { minLength: 1, maxLength: 3 }),
        async (rows, keys) => {
          const columns = new Columns(structure);
          const sort = compileSort(keys, columns);
          const made = rows.map((one) => {
            const stored = { key: { namespace: 'default', name: one.name } } as StoredObject;
            return { one, stored, keys: sort.keysOf(read(columns, objectOf(one))) };
          });
          const sorted = await sortInSteps(
            made,
            (left, right) => sort.compare(left, right),
            () => undefined,
          );
          expect(sorted.map(({ one }) => one)).toEqual(rows.toSorted((left, right) => compare(keys, left, right)));
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('a text is neither more nor less than a number, and no number equal to it', () => {
  const port = (value: unknown) => ({
    ...objectOf({ name: 'a', priority: 1, node: 'n', images: [] }),
    spec: { containers: [{ livenessProbe: { httpGet: { port: value } } }] },
  });
  const path = 'spec.containers[0].livenessProbe.httpGet.port';
  const holdsOf = (wanted: Filter, value: unknown) => {
    const columns = new Columns(structure);
    return compileFilter(wanted, columns).matches(read(columns, port(value)));
  };
  expect([80, '80', 'http'].map((value) => holdsOf({ path, atLeast: 80 }, value))).toEqual([true, false, false]);
  expect([80, '80', 'http'].map((value) => holdsOf({ path, atMost: 'z' }, value))).toEqual([false, true, true]);
  expect([80, '80'].map((value) => holdsOf({ path, in: [80, 'http'] }, value))).toEqual([true, false]);
});

describe('patterns', () => {
  test('say what the same regular expression says', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '.', '*'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (pattern, whole) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
        const same = new RegExp(`^${parts.join('[^]*')}$`, 'i');
        expect(likePattern(pattern)?.(whole)).toBe(same.test(whole));
      }),
      { numRuns: 500 },
    );
  });
});

describe('paths', () => {
  const step = fc.oneof(
    fc
      .constantFrom('spec', 'a-b', '$x', '_1')
      .map((name) => ({ written: `.${name}`, step: name as string | number | typeof EVERY })),
    fc.nat(9).map((index) => ({ written: `[${index}]`, step: index })),
    fc.constant({ written: '[*]', step: EVERY }),
    fc
      .string({ unit: fc.constantFrom('.', '/', '"', 'é', ' ', ']'), maxLength: 3 })
      .map((name) => ({ written: `['${name}']`, step: name })),
  );

  test('are read as they are written', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const written = steps.map((one) => one.written).join('');
        expect(parsePath(written)).toEqual(steps.map((one) => one.step));
      }),
    );
  });

  test('that are any text are read or refused in one sentence', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '.', '[', ']', "'", '"', '*', '1', '\n'), maxLength: 12 }),
        (any) => {
          try {
            expect(parsePath(any).length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toMatchObject({ reason: 'BadRequest' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('lead to every value of nested lists, in their order, and through nothing that is not there', () => {
    const object = { a: [{ b: [1, 2] }, {}, { b: [3] }, null, 'b'], c: { '0': 'x' } };
    expect(valuesAt(object, parsePath('a[*].b[*]'))).toEqual([1, 2, 3]);
    expect(valuesAt(object, parsePath('a[0].b[1]'))).toEqual([2]);
    expect(valuesAt(object, parsePath('a[-1]'.replace('-', '')))).toEqual([{}]);
    expect(valuesAt(object, parsePath('a[*].length'))).toEqual([]);
    expect(valuesAt(object, parsePath('c[*]'))).toEqual([]);
  });
});

describe('keys', () => {
  const MICRO = { kind: 'scalar', scalar: 'microTime' } as const;

  test('of moments tell apart what is a millionth of a second apart, in whatever zone', () => {
    const at = (moment: string) => keyOf(MICRO, moment);
    expect(compareKeys(at('2026-01-01T00:00:00.123456Z'), at('2026-01-01T00:00:00.123457Z'))).toBeLessThan(0);
    expect(compareKeys(at('2026-01-01T01:00:00.5+01:00'), at('2026-01-01T00:00:00.500000Z'))).toBe(0);
    expect(keyOf(MICRO, 'soon')).toEqual({ group: 1, value: 'soon' });
  });

  test('of objects are alike whatever the order of their members', () => {
    const any = { kind: 'scalar', scalar: 'any' } as const;
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, member]) => [name, turned(member)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(keyOf(any, turned(value))).toEqual(keyOf(any, value));
        expect(typeof operandKey(any, value)).toBe('object');
      }),
    );
  });

  test('are of bodies as the store keeps them', () => {
    const body = JSON.parse(
      encodeBody(objectOf({ name: 'a', priority: 1, node: 'n', images: [] })).toString(),
    ) as object;
    expect(valuesAt(body, parsePath(PRIORITY))).toEqual([1]);
  });
});
