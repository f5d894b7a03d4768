import fc from 'fast-check';
import { type GraphQLSchema, type OperationDefinitionNode, parse } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildGraphqlSchema } from '../schema/build-schema.js';
import { startService } from '../testing/service.js';
import { Analyzer } from './analyzer.js';
import { LIMITS, parsing, POINTS, USUAL_BODY } from './limits.js';
import { type Measure, TooCostly } from './measure.js';
import { checkVariables, type Variables } from './values.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = buildGraphqlSchema((await startService()).registry.builtin);
});

function measure(text: string, variables: Variables = {}): Measure {
  const document = parse(text);
  const [operation] = document.definitions;
  return new Analyzer(schema, document, variables).measure(operation as OperationDefinitionNode);
}

/** What of a measure says how much it is. */
const counts = ({ scans, related, ...numbers }: Measure) => ({
  ...numbers,
  scans: scans.map(({ store, ...scan }) => ({ ...scan, of: store.definition.names.plural })),
  related: related.map(({ definition }) => definition.names.plural).sort(),
});

describe('what an operation asks for', () => {
  test.each<[string, Partial<Measure>]>([
    ['{ whoami }', { ownFields: 1, fields: 1, depth: 1, points: POINTS.field }],
    ['{ a: whoami b: whoami }', { ownFields: 2, fields: 2, aliases: 2, depth: 1 }],
    ['{ whoami @skip(if: false) @include(if: true) }', { directives: 2, fields: 1 }],
    ['{ pod(name: "a") { metadata { name } } }', { fields: 3, depth: 3, operands: 1 }],
    ['{ pods(filter: { path: "a", in: [1, 2] }) { totalCount } }', { operands: 5, fields: 2 }],
    ['{ pods(sort: [{ path: "a" }, { path: "b" }]) { totalCount } }', { sortKeys: 2 }],
    ['{ pods(sort: { path: "a" }) { totalCount } }', { sortKeys: 1 }],
    ['mutation { apply(manifest: { a: 1, b: { c: 2 } }) { kind } }', { operands: 1 }],
    ['{ ... { whoami ... on Query { whoami } } }', { fields: 2, depth: 1 }],
    ['{ nobody(knows: 1) { these(fields: 2) } }', { fields: 2, depth: 2, operands: 2 }],
    ['{ __schema { types { name } } }', { fields: 3, typeLists: 0 }],
    ['{ __type(name: "Pod") { fields { name } } }', { typeLists: 1 }],
  ])('%s', (text, expected) => {
    expect(measure(text)).toMatchObject(expected);
  });

  test('is the same whether its parts are written out or come of fragments', () => {
    interface Tree {
      readonly name: string;
      readonly alias: boolean;
      readonly skip: boolean;
      readonly inside: readonly Tree[];
    }
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.record({
        name: fc.constantFrom('metadata', 'owners', 'owned', 'events', 'spec', 'kind', 'other'),
        alias: fc.boolean(),
        skip: fc.boolean(),
        inside: fc.oneof(
          { maxDepth: 4, depthIdentifier: 'tree' },
          fc.constant([]),
          fc.array(tie('tree'), { maxLength: 2, depthIdentifier: 'tree' }),
        ),
      }),
    }));
    const field = ({ name, alias, skip }: Tree): string =>
      `${alias ? 'x: ' : ''}${name}${skip ? ' @skip(if: false)' : ''}`;
    const plain = (node: Tree): string =>
      field(node) + (node.inside.length > 0 ? ` { ${node.inside.map(plain).join(' ')} }` : '');
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 3 }), (trees) => {
        const fragments: string[] = [];
        /** The same by fragments: each selection of several fields is one of its own. */
        const spread = (node: Tree): string => {
          if (node.inside.length === 0) return field(node);
          const name = `F${fragments.length}`;
          fragments.push('');
          const inner = node.inside.map((one) => spread(one)).join(' ');
          fragments[Number(name.slice(1))] = inner;
          return `${field(node)} { ...${name} }`;
        };
        const written = `{ pod(name: "a") { ${trees.map(plain).join(' ')} } }`;
        const byName = trees.map((one) => spread(one)).join(' ');
        // The type condition of a fragment is that of where it is spread, so only untyped fields are compared.
        const parts = fragments.map((text, at) => `fragment F${at} on Nobody { ${text} }`).join('\n');
        const untyped = (text: string): string => text.replace('pod(name: "a")', 'nobody');
        const left = counts(measure(untyped(written)));
        const right = counts(measure(`${untyped(`{ pod(name: "a") { ${byName} } }`)}\n${parts}`));
        expect(right).toEqual(left);
      }),
      { numRuns: 150 },
    );
  });

  test('of a fragment that is spread twice counts twice, and is looked at once', () => {
    const text =
      '{ a: pod(name: "a") { ...F } b: pod(name: "b") { ...F } } fragment F on Pod { metadata { name uid } }';
    const document = parse(text);
    const analyzer = new Analyzer(schema, document, {});
    const [operation] = document.definitions;
    expect(analyzer.measure(operation as OperationDefinitionNode)).toMatchObject({ fields: 8, operands: 2 });
    expect(analyzer.visits).toBe(5);
  });
});

describe('pages', () => {
  const OBJECT = parsing(USUAL_BODY);
  const scanOf = (text: string, variables: Variables = {}) => counts(measure(text, variables)).scans[0];

  test.each<[string, Variables, object]>([
    ['{ pods { nodes { kind } } }', {}, { namespace: '', pointsPerRow: POINTS.row, told: 100 }],
    ['{ pods(first: 7, namespace: "a") { nodes { kind } } }', {}, { namespace: 'a', told: 7 }],
    [
      'query ($n: Int, $s: String) { pods(first: $n, namespace: $s) { totalCount } }',
      { n: 3, s: 'b' },
      { namespace: 'b', told: 3 },
    ],
    ['query ($n: Int) { pods(first: $n) { totalCount } }', {}, { told: 100 }],
    ['{ pods(first: -5) { totalCount } }', {}, { told: 0 }],
    ['{ pods(first: 999999) { totalCount } }', {}, { told: LIMITS.objects }],
    ['{ pods(sort: { path: "a" }) { totalCount } }', {}, { pointsPerRow: POINTS.row + OBJECT + 2 * POINTS.comparison }],
    ['{ pods(filter: null) { totalCount } }', {}, { pointsPerRow: POINTS.row }],
    ['query ($f: Filter) { pods(filter: $f) { totalCount } }', { f: null }, { pointsPerRow: POINTS.row }],
    [
      'query ($f: Filter) { pods(filter: $f) { totalCount } }',
      { f: { path: 'a', equals: 1 } },
      { pointsPerRow: POINTS.row + OBJECT + 3 },
    ],
  ])('%s %j', (text, variables, expected) => {
    expect(scanOf(text, variables)).toMatchObject({ of: 'pods', ...expected });
  });

  test('cost for each of their rows what is asked of one', () => {
    const one = scanOf('{ pods { nodes { kind } } }')?.pointsPerTold ?? 0;
    const more = scanOf('{ pods { nodes { kind apiVersion } } }')?.pointsPerTold ?? 0;
    const related = scanOf('{ pods { nodes { kind owners { kind } } } }')?.pointsPerTold ?? 0;
    expect([one, more]).toEqual([OBJECT + POINTS.field, OBJECT + 2 * POINTS.field]);
    expect(related).toBeGreaterThan(more + OBJECT);
    expect(counts(measure('{ pods { nodes { events { kind } } } }')).related).toEqual(['events']);
  });
});

describe('limits', () => {
  const many = (count: number, text: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => text(at)).join(' ');
  test.each<[string, () => string, string]>([
    ['fields', () => `{ pod(name: "a") { ${many(1_000, () => 'kind')} } }`, 'more than 1000 fields'],
    ['its own fields', () => `{ ${many(51, () => 'whoami')} }`, 'more than 50 fields of its own'],
    ['aliases', () => `{ pod(name: "a") { ${many(101, (at) => `a${at}: kind`)} } }`, 'more than 100 aliases'],
    ['directives', () => `{ whoami ${many(201, () => '@x')} }`, 'more than 200 directives'],
    ['values', () => `{ pods(filter: { in: [${many(2_000, () => '1')}] }) { totalCount } }`, 'more than 2000 values'],
    [
      'sort keys',
      () => `{ pods(sort: [${many(51, () => '{ path: "a" }')}]) { totalCount } }`,
      'more than 50 sort keys',
    ],
    ['levels', () => `{ ${many(19, () => 'a {')} b ${many(19, () => '}')} }`, 'more than 18 levels deep'],
    ['selections', () => `${many(102, () => '{ ...')} { a } ${many(102, () => '}')}`, 'more than 100 selections deep'],
    ['fragments', () => `{ a } ${many(201, (at) => `fragment F${at} on A { b }`)}`, 'more than 200 fragments'],
    ['operations', () => many(21, (at) => `query Q${at} { a }`), 'more than 20 operations'],
    [
      'circles',
      () => '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'the fragment A contains itself',
    ],
    [
      'types of types',
      () => '{ __type(name: "A") { fields { type { fields { type { fields { name } } } } } } }',
      'types of the types',
    ],
    [
      'levels of an argument',
      () => `{ a(b: ${'['.repeat(101)}1${']'.repeat(101)}) }`,
      'an argument is more than 100 levels deep',
    ],
  ])('of %s', (_, text, message) => {
    expect(() => measure(text())).toThrow(TooCostly);
    expect(() => measure(text())).toThrow(message);
  });

  test('variables are bounded in depth and in number, and values of one are counted wherever it is used', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
    expect(() => checkVariables({ deep: deep(99) })).not.toThrow();
    expect(() => checkVariables({ deep: deep(100) })).toThrow('more than 100 levels deep');
    expect(() => checkVariables({ many: new Array(LIMITS.variableValues).fill(0) })).toThrow('more than 200000 values');
    const use =
      'query ($v: [JSON]) { a: pods(filter: { in: $v }) { totalCount } b: pods(filter: { in: $v }) { totalCount } }';
    expect(measure(use, { v: [1, 2, 3] }).operands).toBe(2 * (1 + 4));
    expect(measure(use).operands).toBe(2 * 2);
    expect(measure('query ($v: JSON) { a(x: $constructor) }').operands).toBe(1);
  });
});
