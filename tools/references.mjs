// Keeps every project's tsconfig references equal to the workspace packages its sources import, and those of the build
// and of the tests equal to the list of projects. `--check` only reports; CI fails on a difference.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from './files.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const folders = (dir) =>
  readdirSync(join(root, dir), { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => join(dir, e.name));

const projects = [...folders('apps'), ...folders('libs').flatMap(folders)].filter((dir) =>
  existsSync(join(root, dir, 'package.json')),
);
const byName = new Map(projects.map((dir) => [readJson(join(root, dir, 'package.json')).name, dir]));
const compiled = projects.filter((dir) => existsSync(join(root, dir, 'tsconfig.json')) && dir !== join('apps', 'web'));

const sources = (dir) => filesBelow(dir).filter((path) => /\.tsx?$/.test(path) && !/\.(test|bench)\.tsx?$/.test(path));

function importedProjects(dir) {
  const names = sources(join(root, dir, 'src')).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(@binnacle\/[a-z-]+)/g)].map((match) => match[1]),
  );
  return [...new Set(names)]
    .map((name) => byName.get(name))
    .filter((other) => other && other !== dir)
    .sort();
}

let stale = 0;
function sync(file, references) {
  const config = readJson(file);
  const next = references.map((path) => ({ path }));
  if (JSON.stringify(config.references ?? []) === JSON.stringify(next)) return;
  stale += 1;
  if (check) console.error(`${relative(root, file)}: references are stale; run: node tools/references.mjs`);
  else writeFileSync(file, `${JSON.stringify({ ...config, references: next }, null, 2)}\n`);
}

for (const dir of compiled) {
  sync(
    join(root, dir, 'tsconfig.json'),
    importedProjects(dir).map((other) => relative(dir, other)),
  );
}
for (const whole of ['tsconfig.build.json', 'tsconfig.tests.json'])
  sync(join(root, whole), compiled.map((dir) => `./${dir}`).sort());
process.exitCode = check && stale > 0 ? 1 : 0;
