import { expect, test } from 'vitest';
import { figuresOf, functionsOf, linesOf, median, packageOf, testRatios } from './house.mjs';

const lines = (count: number) => '\n'.repeat(count);
/** A function of so many lines. */
const sized = (name: string, count: number) => `export function ${name}() {${lines(count - 1)}}\n`;

test('functions are measured by their lines, those without a block not at all', () => {
  const text = `const short = () => 1;
export const arrow = () => {
  return 1;
};
class One {
  constructor() {}
  get value() {
    return 1;
  }
}
${sized('long', 7)}`;
  expect(functionsOf('a.ts', text).map(({ name, lines: long }) => [name, long])).toEqual([
    ['arrow', 3],
    ['', 1],
    ['value', 3],
    ['long', 7],
  ]);
});

test('a file has the lines that an editor shows', () => {
  expect([linesOf('a\nb\n'), linesOf('a\nb'), linesOf('a')]).toEqual([2, 2, 1]);
});

test('of an even count the lower of the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2, 0]);
});

test('tests are what nothing but tests imports', () => {
  const texts = new Map([
    ['libs/a/b/src/one.ts', lines(10)],
    ['libs/a/b/src/one.test.ts', lines(4)],
    ['libs/a/b/src/testing/builders.ts', lines(2)],
    ['libs/testing/c/src/harness.ts', lines(3)],
    ['apps/d/src/main.ts', lines(5)],
    ['tools/e.test.ts', lines(1)],
  ]);
  expect(Object.fromEntries(testRatios(texts))).toEqual({
    'apps/d': { source: 5, tests: 0 },
    'libs/a/b': { source: 10, tests: 6 },
    'libs/testing/c': { source: 0, tests: 3 },
    tools: { source: 0, tests: 1 },
  });
  expect(['libs/a/b/src/x/y.ts', 'apps/d/src/main.ts', 'tools/e.ts'].map(packageOf)).toEqual([
    'libs/a/b',
    'apps/d',
    'tools',
  ]);
});

test('what is over its budget is counted, a component by a budget of its own', () => {
  const { totals, largest } = figuresOf(
    new Map([
      ['libs/a/b/src/one.ts', sized('tooLong', 61)],
      ['libs/a/b/src/two.tsx', sized('Component', 61)],
      ['libs/a/b/src/three.ts', `import './four.js';\n${lines(150)}`],
      ['libs/a/b/src/four.ts', `import './three.js';\n${sized('short', 10)}`],
      ['libs/a/b/src/one.test.ts', lines(142)],
    ]),
  );
  expect(totals).toMatchObject({
    'files of source': 4,
    'files over 150 lines': 1,
    'files over 300 lines': 0,
    functions: 3,
    'functions over 10 lines, of a hundred': 67,
    'functions over their budget': 1,
    'lines of tests a line of source': 0.5,
    'circles of folders and files': 1,
  });
  expect(largest.functions[0]).toMatchObject({ path: 'libs/a/b/src/one.ts', name: 'tooLong', lines: 61 });
});
