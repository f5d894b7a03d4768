import ts from 'typescript';
import { expect, test } from 'vitest';
import { instrument } from './instrument.mjs';

/** What a function answers with one of its mutants at work; 0 is none. */
function answers(text: string, call: string, id: number): unknown {
  const js = ts.transpileModule(instrument('f.ts', text, 1).text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  return new Function('$m', `${js.outputText.replaceAll('export ', '')}; return ${call};`)((at: number) => at === id);
}

test.each([
  ['an operator', 'function f(a: number, b: number) { return a < b; }', 'f(1, 1)', 'operator', [true, true]],
  ['a condition', 'const f = (a: boolean) => (a ? 1 : 2);', 'f(true)', 'condition', [1, 2]],
  ['a text', "const f = (): string => 'a';", 'f()', 'text', ['']],
  ['a body', 'function f() { return 1; }', 'f()', 'block', [undefined]],
  ['a method', 'const f = (a: number[]) => a.filter((b) => b > 1).length;', 'f([1, 2])', 'method', [2]],
  ['a chain', 'const f = (a?: { b: { c: number } }) => a?.b.c;', 'f({ b: { c: 1 } })', 'chain', [1]],
  ['an arrow', 'const f = (a: number) => ({ a });', 'f(1)', 'arrow', [undefined]],
])('%s is another where it is switched, and what it was where it is not', (_, text, call, kind, expected) => {
  const { mutants } = instrument('f.ts', text, 1);
  const chosen = mutants.filter((mutant) => mutant.kind === kind);
  expect(chosen.map(({ id }) => answers(text, call, id))).toEqual(expected);
  const plain = new Function(`${ts.transpile(text, { target: ts.ScriptTarget.ES2022 })}; return ${call};`)();
  expect(answers(text, call, 0)).toEqual(plain);
});

test('names, types and imports are left alone', () => {
  const text = "import { a } from './a.js';\nexport type B = 'x' | 1;\nexport const c = (d: 'y'): d is 'y' => a[d];\n";
  expect(instrument('f.ts', text, 1).mutants.map(({ kind }) => kind)).toEqual(['arrow']);
});
