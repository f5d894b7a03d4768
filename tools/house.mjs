// The figures of the house: how large functions and files are, how much of it is tests, and what imports each other in a circle.
// `node tools/house.mjs` tells those of the working tree; `--against <revision>` sets those of a commit beside them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { circlesOf } from './circles.mjs';
import { filesBelow } from './files.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PLANES = ['apps', 'libs', 'tools'];
const CODE = /\.tsx?$/;
const GENERATED = /\.generated\.ts$|\/generated\/|\.d\.ts$/;
/** Tests, and what only they import. */
const TESTING = /\.(test|bench)\.tsx?$|^libs\/testing\/|^apps\/conformance\/|\/(testing|suite)\//;

/** What the lint rules of the house allow, and what it aims at. */
export const BUDGETS = { function: 10, longFunction: 60, longComponent: 120, file: 150, largeFile: 300, hugeFile: 500 };

const isOurs = (path) => CODE.test(path) && !GENERATED.test(path);

function below(plane) {
  return filesBelow(join(root, plane))
    .map((path) => relative(root, path))
    .filter(isOurs);
}

/** The code of the working tree, by path. */
function presentTexts() {
  return new Map(PLANES.flatMap(below).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

const git = (args, input = '') => execFileSync('git', args, { cwd: root, input, maxBuffer: 1 << 30 });

/** Texts as `git cat-file --batch` writes them: a line that ends in the size, so many bytes, a newline. */
function* batched(bytes) {
  for (let at = 0; at < bytes.length; ) {
    const start = bytes.indexOf('\n', at) + 1;
    const end = start + Number(bytes.toString('utf8', at, start).trim().split(' ').at(-1));
    yield bytes.toString('utf8', start, end);
    at = end + 1;
  }
}

/** The code of a commit, by path. */
function textsAt(revision) {
  const paths = git(['ls-tree', '-rz', '--name-only', revision, ...PLANES])
    .toString()
    .split('\0')
    .filter(isOurs);
  const wanted = paths.map((path) => `${revision}:${path}\n`).join('');
  return new Map([...batched(git(['cat-file', '--batch'], wanted))].map((text, index) => [paths[index], text]));
}

export const linesOf = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** `libs/web/ui` of `libs/web/ui/src/a.ts`. */
export function packageOf(path) {
  const [plane, first, second] = path.split('/');
  if (plane === 'libs') return `${plane}/${first}/${second}`;
  return plane === 'apps' ? `${plane}/${first}` : plane;
}

const isBody = (node) =>
  (ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node)) &&
  node.body !== undefined &&
  ts.isBlock(node.body);

const nameOf = (node) =>
  node.name?.getText() ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '');

/** The functions with a body of a file, with their lengths in lines. */
export function functionsOf(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const found = [];
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    if (isBody(node)) found.push({ path, name: nameOf(node), lines: lineAt(node.end) - lineAt(node.getStart()) + 1 });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const ratio = (tests, source) => (source === 0 ? 0 : Math.round((tests / source) * 100) / 100);

/** Lines of source and of tests, by package. */
export function testRatios(texts) {
  const packages = new Map();
  for (const [path, text] of texts) {
    const name = packageOf(path);
    const counted = packages.get(name) ?? { source: 0, tests: 0 };
    counted[TESTING.test(path) ? 'tests' : 'source'] += linesOf(text);
    packages.set(name, counted);
  }
  return new Map([...packages].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function circleCount(texts) {
  const packages = new Map();
  for (const [path, text] of texts) {
    if (TESTING.test(path)) continue;
    const name = packageOf(path);
    packages.set(name, (packages.get(name) ?? new Map()).set(join(root, path), text));
  }
  return sum([...packages].map(([name, files]) => circlesOf(root, join(root, name), files).length));
}

/** All figures of some code, given by path. */
export function figuresOf(texts) {
  const source = [...texts].filter(([path]) => !TESTING.test(path));
  const files = source.map(([path, text]) => ({ path, lines: linesOf(text) }));
  const functions = source.flatMap(([path, text]) => functionsOf(path, text));
  const packages = testRatios(texts);
  const lines = sum([...packages.values()].map((each) => each.source));
  const tests = sum([...packages.values()].map((each) => each.tests));
  const longest = ({ path }) => (path.endsWith('.tsx') ? BUDGETS.longComponent : BUDGETS.longFunction);
  return {
    totals: {
      'files of source': files.length,
      'lines of source': lines,
      'lines a file, median': median(files.map((file) => file.lines)),
      [`files over ${BUDGETS.file} lines`]: files.filter((file) => file.lines > BUDGETS.file).length,
      [`files over ${BUDGETS.largeFile} lines`]: files.filter((file) => file.lines > BUDGETS.largeFile).length,
      [`files over ${BUDGETS.hugeFile} lines`]: files.filter((file) => file.lines > BUDGETS.hugeFile).length,
      functions: functions.length,
      'lines a function, median': median(functions.map((each) => each.lines)),
      [`functions over ${BUDGETS.function} lines, of a hundred`]: Math.round(
        (100 * functions.filter((each) => each.lines > BUDGETS.function).length) / Math.max(1, functions.length),
      ),
      'functions over their budget': functions.filter((each) => each.lines > longest(each)).length,
      'lines of tests': tests,
      'lines of tests a line of source': ratio(tests, lines),
      'circles of folders and files': circleCount(texts),
    },
    largest: {
      files: files.sort((a, b) => b.lines - a.lines).slice(0, 10),
      functions: functions.sort((a, b) => b.lines - a.lines).slice(0, 10),
    },
    packages,
  };
}

const table = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const cell = (value, column) =>
    column === 0 ? String(value).padEnd(widths[0]) : String(value).padStart(widths[column]);
  return rows.map((row) => `| ${row.map(cell).join(' | ')} |`);
};
const rule = (columns) => ['---', ...Array.from({ length: columns - 1 }, () => '--:')];

function report(now, before, revision) {
  const old = (value) => (before ? [value ?? '–'] : []);
  const head = before ? [revision] : [];
  const totals = Object.entries(now.totals).map(([name, value]) => [name, ...old(before?.totals[name]), value]);
  const ratios = [...now.packages]
    .filter(([, { source }]) => source > 0)
    .map(([name, { source, tests }]) => {
      const earlier = before?.packages.get(name);
      return [name, source, tests, ...old(earlier && ratio(earlier.tests, earlier.source)), ratio(tests, source)];
    });
  const biggest = [
    ...now.largest.files.map(({ path, lines }) => [path, lines]),
    ...now.largest.functions.map(({ path, name, lines }) => [`${path} ${name}`, lines]),
  ];
  return [
    ...table([['', ...head, 'now'], rule(2 + head.length), ...totals]),
    '',
    ...table([['package', 'source', 'tests', ...head, 'ratio'], rule(4 + head.length), ...ratios]),
    '',
    ...table([['largest', 'lines'], rule(2), ...biggest]),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--against');
  const revision = at > 0 ? process.argv[at + 1] : undefined;
  const before = revision ? figuresOf(textsAt(revision)) : undefined;
  process.stdout.write(`${report(figuresOf(presentTexts()), before, revision).join('\n')}\n`);
}
