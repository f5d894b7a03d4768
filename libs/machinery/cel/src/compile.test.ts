import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CelType, compile, type Compilation, listOf, mapOf, nameObjects, PER_CALL_LIMIT } from './index.js';

const TEXT: CelType = { kind: 'string', maxElements: 40 };
const SELF = nameObjects(
  {
    kind: 'object',
    name: 'object',
    fields: new Map<string, CelType>([
      ['name', TEXT],
      ['count', { kind: 'int' }],
      ['tags', listOf(TEXT, 5)],
      ['free', listOf({ kind: 'string' })],
      ['labels', mapOf({ kind: 'string' }, TEXT, 10)],
      ['port', { kind: 'dyn', maxElements: 20 }],
    ]),
  },
  'selfType',
);
const variables = { self: SELF, oldSelf: SELF };
const VALUE = { name: 'abc', count: 3, tags: ['a', 'b'], free: ['x'], labels: { a: 'b' }, port: '80%' };

function compiled(source: string): Extract<Compilation, { ok: true }> {
  const result = compile(source, { variables });
  if (!result.ok) throw new Error(result.message);
  return result;
}

const evaluate = (source: string, self: unknown = VALUE, budget = PER_CALL_LIMIT) =>
  compiled(source).program.evaluate({ self }, { budget });

describe('compiling', () => {
  it('displays an error with its line and a mark below it', () => {
    const result = compile('self.name == "x" &&\n  self.foo', { variables });
    expect(result).toMatchObject({
      ok: false,
      reason: 'compilation',
      message: "ERROR: <input>:2:7: undefined field 'foo'\n |   self.foo\n | ......^",
      errors: [{ message: "undefined field 'foo'", line: 2, column: 7 }],
    });
  });

  it('tells all errors of types in the order of their places', () => {
    const result = compile('self.foo || self.bar || 1', { variables });
    expect(result.ok ? [] : result.errors.map(({ column }) => column)).toEqual([5, 17, 25]);
  });

  it('refuses an expression of another type than was asked for', () => {
    const refused = { ok: false, reason: 'result' };
    expect(compile('1', { variables, result: 'bool' })).toMatchObject(refused);
    expect(compile("'a'", { variables, result: 'bool' })).toMatchObject(refused);
    expect(compile('true', { variables, result: 'string' })).toMatchObject(refused);
    expect(compile('true', { variables, result: 'bool' })).toMatchObject({ ok: true });
  });

  it('refuses constants that are wrong in themselves', () => {
    expect(compile("'x'.find('(')", { variables })).toMatchObject({ ok: false, reason: 'program' });
    expect(compile("int('x')", { variables })).toMatchObject({ ok: false, reason: 'program' });
    expect(compile("'x'.matches('(')", { variables })).toMatchObject({ ok: false, reason: 'compilation' });
  });

  it('tells which variables an expression names', () => {
    expect([...compiled('self.name == oldSelf.name').program.references]).toEqual(['self', 'oldSelf']);
    expect([...compiled('self.tags.all(oldSelf, oldSelf == "a")').program.references]).toEqual(['self']);
    expect([...compiled('1 == 1').program.references]).toEqual([]);
  });

  it('bounds what an expression may cost by the sizes of its types', () => {
    expect(compiled('self.tags.all(t, t.size() > 0)').cost).toEqual({ min: 3, max: 33 });
    expect(compiled('self.free.all(t, t.size() > 0)').cost.max).toBeGreaterThan(1e19);
  });

  it.each([
    ['a text too long', ' '.repeat(100_001), 'expression code point size exceeds limit: size: 100001, limit 100000'],
    ['parentheses too deep', '('.repeat(300) + '1' + ')'.repeat(300), 'expression recursion limit exceeded: 250'],
    ['lists too deep', '['.repeat(5000), 'expression recursion limit exceeded: 250'],
    ['a sum too long', new Array(300).fill('1').join(' + '), 'max recursion depth exceeded'],
    ['fields too deep', `self${'.a'.repeat(400)}`, 'expression recursion limit exceeded: 250'],
  ])('refuses %s', (_about, source, message) => {
    const result = compile(source, { variables });
    expect(result).toMatchObject({ ok: false, errors: [{ message }] });
  });

  it.each(['!', '-', '&&', '||', '==', '?', '(', '[', '{', ',', ':', '.', 'a', '"', "'", '1', '\\', '`', '/*', '//'])(
    'does not mind a great many of %s',
    (text) => {
      expect(() => compile(text.repeat(3000), { variables })).not.toThrow();
      expect(() => compile(`true ${text}`.repeat(3000), { variables })).not.toThrow();
    },
  );

  it('balances long conditions', () => {
    const source = new Array(2000).fill('self.count > 0').join(' && ');
    expect(compiled(source).program.evaluate({ self: VALUE })).toMatchObject({ ok: true, value: true, cost: 6000 });
  });
});

describe('evaluating', () => {
  it('stops at its budget', () => {
    const loops = 'self.free.all(x, self.free.all(y, true))';
    const free = new Array(1000).fill('x');
    const stopped = { ok: false, reason: 'budget', message: 'operation cancelled: actual cost limit exceeded' };
    expect(evaluate(loops, { free }, 500)).toMatchObject(stopped);
    expect(evaluate(loops, { free })).toMatchObject(stopped);
    expect(evaluate('self.free.all(x, true)', { free }, 5000)).toMatchObject({ ok: true, cost: 3003 });
  });

  it.each([
    "self.name.replace('', self.name)",
    "self.name.replace('a', self.name)",
    'lists.range(self.count * 1000000000)',
    'self.free.all(x, self.free == self.free)',
    'self.free.all(x, self.free.indexOf("zz") == -1)',
    'self.free.map(x, self.free + self.free).size() > 0',
    'self.free.all(x, "%s".format([self.free]) != "")',
  ])('stops what costs little and does much: %s', (source) => {
    const self = { name: 'a'.repeat(200_000), count: 9, free: new Array(30_000).fill('x') };
    expect(evaluate(source, self)).toMatchObject({ ok: false, reason: 'budget' });
  });

  it('reads only what the expression looks at', () => {
    const self = { ...VALUE, free: 'no list' };
    expect(evaluate('self.name == "abc"', self)).toMatchObject({ ok: true, value: true });
    expect(evaluate('self.free.size() > 0', self)).toMatchObject({ ok: false, reason: 'evaluation' });
  });

  it('takes a null field for one that is absent', () => {
    expect(evaluate('has(self.name)', { name: null })).toMatchObject({ ok: true, value: false });
    expect(evaluate('self.name', { name: null })).toMatchObject({ ok: false, message: 'no such key: name' });
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('finds no %s in an object', (name) => {
    expect(evaluate(`'${name}' in self.labels`)).toMatchObject({ ok: true, value: false });
    expect(evaluate(`self.labels['${name}']`)).toMatchObject({ ok: false, message: `no such key: ${name}` });
    expect(compile(`self.${name}`, { variables })).toMatchObject({ ok: false });
    expect(compile(`${name}`, { variables })).toMatchObject({ ok: false });
    expect(compile(`self.${name}()`, { variables })).toMatchObject({ ok: false });
  });

  it('knows no variable that was not bound', () => {
    const { program } = compiled('oldSelf.name == self.name');
    expect(program.evaluate({ self: VALUE })).toMatchObject({ ok: false, message: 'no such attribute(s): oldSelf' });
  });

  it('answers the same again', () => {
    const { program } = compiled('self.tags.map(t, t + self.name)');
    const first = program.evaluate({ self: VALUE });
    expect(program.evaluate({ self: VALUE })).toEqual(first);
  });
});

interface Group {
  readonly cases: readonly { readonly expr: string }[];
}

const file = new URL('./testing/kubernetes-cases.json', import.meta.url);
const groups = JSON.parse(readFileSync(file, 'utf8')) as Group[];
const sources = groups.flatMap(({ cases }) => cases.map(({ expr }) => expr));

/** Expressions that were cut, joined and written over. */
const mutated = fc
  .tuple(fc.constantFrom(...sources), fc.constantFrom(...sources), fc.nat(), fc.nat(), fc.string({ maxLength: 3 }))
  .map(
    ([left, right, a, b, text]) => left.slice(0, a % (left.length + 1)) + text + right.slice(b % (right.length + 1)),
  );

const ANYTHING = fc.oneof(mutated, fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...sources));

describe('any expression', () => {
  it('is compiled or refused, and never throws', () => {
    fc.assert(
      fc.property(ANYTHING, (source) => {
        const result = compile(source, { variables });
        if (result.ok) expect(result.cost.min).toBeLessThanOrEqual(Math.max(result.cost.max, result.cost.min));
        else expect(result.message).not.toBe('');
      }),
      { numRuns: 1500 },
    );
  });

  it('keeps its budget on any object', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.object({ maxDepth: 3 }), fc.nat(200), (source, self, budget) => {
        const result = compile(source, { variables });
        if (!result.ok) return;
        const outcome = result.program.evaluate({ self: { ...VALUE, ...self }, oldSelf: self }, { budget });
        if (outcome.ok || outcome.reason === 'evaluation') expect(outcome.cost).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 1500 },
    );
  });

  // Upstream's estimates are no strict bound: `==` of objects, `?.` and named formats cost a little more than they say.
  it.each(sources.filter((source) => !source.includes('format.')))('costs about its estimate at most: %s', (source) => {
    const result = compile(source, { variables });
    if (!result.ok) return;
    const outcome = result.program.evaluate({ self: VALUE, oldSelf: VALUE });
    expect(outcome.cost).toBeLessThanOrEqual(result.cost.max + 20);
  });
});
