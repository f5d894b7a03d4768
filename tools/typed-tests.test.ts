import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { filesBelow } from './files.mjs';

const root = join(import.meta.dirname, '..');

const read = (name: string) => ts.readConfigFile(join(root, name), (path) => readFileSync(path, 'utf8')).config;
const project = ts.parseJsonConfigFileContent(read('tsconfig.tests.json'), ts.sys, root);

const testFiles = (plane: string): string[] =>
  filesBelow(join(root, plane))
    .filter((path) => /\.(test|bench)\.tsx?$/.test(path))
    .map((path) => relative(root, path));

/** What the compiler says of tests that stood at these paths, by path. */
function complaints(texts: Readonly<Record<string, string>>): Record<string, string[]> {
  const planted = new Map(Object.entries(texts).map(([path, text]) => [join(root, path), text]));
  const host = ts.createCompilerHost(project.options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => planted.has(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const text = planted.get(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...planted.keys()], project.options, host);
  const said = (path: string) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(join(root, path)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  return Object.fromEntries(Object.keys(texts).map((path) => [path, said(path)]));
}

test('every test is in the project that type-checks tests', () => {
  const typed = project.fileNames.map((path) => relative(root, path));
  expect(typed.sort()).toEqual(['apps', 'libs', 'tools'].flatMap(testFiles).sort());
});

test('the project is part of the type check', () => {
  const { references } = read('tsconfig.json') as { references: { path: string }[] };
  expect(references.map(({ path }) => path)).toContain('./tsconfig.tests.json');
});

test('an error planted in a test is found', { timeout: 60_000 }, () => {
  const use = (value: string) =>
    `import { formatTime } from './index.js';\nexport const used = formatTime(${value});\n`;
  const [right, wrong] = ['libs/machinery/meta/src/right.test.ts', 'libs/machinery/meta/src/wrong.test.ts'];
  expect(complaints({ [right]: use('0'), [wrong]: use("'0'") })).toEqual({
    [right]: [],
    [wrong]: ["Argument of type 'string' is not assignable to parameter of type 'number'."],
  });
});
