// The rule of circles: what stands beside each other in a folder, files and folders alike, never imports each other in a ring.
// Files alone may name each other's types in a ring, as types that hold each other must.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, OUTPUT } from './files.mjs';

const SOURCE = /\.tsx?$/;
const OUTSIDE = /\.(test|bench)\.tsx?$|\.d\.ts$/;
const TYPES = /^(?:import|export) type [^;]*;/gm;
const IMPORTED = /(?:\bfrom\s+|\bimport\s+|\bimport\()\s*'(\.[^']*)'/g;

/** All packages: the folders of `root` that hold a package.json. */
export function packagesOf(root) {
  return ['apps', 'libs'].flatMap((plane) => packagesBelow(join(root, plane)));
}

function packagesBelow(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'package.json')) return [folder];
  const folders = entries.filter((entry) => entry.isDirectory() && !OUTPUT.has(entry.name));
  return folders.flatMap(({ name }) => packagesBelow(join(folder, name)));
}

/** The source files of a package, by path, with the texts they have. Tests may import what they like, so they are left out. */
export function readPackage(folder) {
  const sources = filesBelow(folder).filter((path) => SOURCE.test(path) && !OUTSIDE.test(path));
  return new Map(sources.map((path) => [path, readFileSync(path, 'utf8')]));
}

/** The files of `texts` that each of them imports; `values` leaves out what is imported as a type alone. */
function importsOf(texts, values = false) {
  const found = (path, imported) => {
    const base = resolve(dirname(path), imported.replace(/\.jsx?$/, ''));
    return [`${base}.ts`, `${base}.tsx`, join(base, 'index.ts')].find((one) => texts.has(one));
  };
  return new Map(
    [...texts].map(([path, text]) => [
      path,
      [...(values ? text.replaceAll(TYPES, '') : text).matchAll(IMPORTED)]
        .map(([, imported]) => found(path, imported))
        .filter(Boolean),
    ]),
  );
}

/** For each folder, what stands in it and what of that imports what else of it. */
function siblings(folder, imports) {
  const graphs = new Map();
  const link = (place, from, to) => {
    if (!graphs.has(place)) graphs.set(place, new Map());
    const graph = graphs.get(place);
    for (const name of [from, to]) if (!graph.has(name)) graph.set(name, new Set());
    graph.get(from).add(to);
  };
  for (const [path, targets] of imports) {
    const parts = relative(folder, path).split(sep);
    for (const target of targets) {
      const others = relative(folder, target).split(sep);
      const fork = parts.findIndex((part, index) => part !== others[index]);
      if (fork >= 0) link(join(folder, ...parts.slice(0, fork)), parts[fork], others[fork]);
    }
  }
  return graphs;
}

/** Everything that can be reached from `start`. */
function reachable(graph, start) {
  const seen = new Set();
  const waiting = [...graph.get(start)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...graph.get(next));
  }
  return seen;
}

/** The sets of names that all reach each other. */
function rings(graph) {
  const reach = new Map([...graph.keys()].map((name) => [name, reachable(graph, name)]));
  const found = new Map();
  for (const [name, names] of reach) {
    if (!names.has(name)) continue;
    const ring = [...names].filter((other) => reach.get(other)?.has(name)).sort();
    if (ring.length > 1) found.set(ring.join(' '), ring);
  }
  return [...found.values()];
}

/** The circles of a package whose files are `texts`, each as `{ place, names }`, the place relative to `root`. */
export function circlesOf(root, folder, texts) {
  const found = (imports) =>
    [...siblings(folder, imports)].flatMap(([place, graph]) =>
      rings(graph).map((names) => ({ place: relative(root, place).split(sep).join('/'), names })),
    );
  const ofFolders = found(importsOf(texts)).filter(({ names }) => !names.every(isFile));
  const ofFiles = found(importsOf(texts, true)).filter(({ names }) => names.every(isFile));
  return [...ofFolders, ...ofFiles];
}

const isFile = (name) => SOURCE.test(name);

/** Every circle of the repository at `root`. */
export function circles(root) {
  return packagesOf(root).flatMap((folder) => circlesOf(root, folder, readPackage(folder)));
}

/** What breaks the rule in the repository at `root`, a line each. */
export function violations(root) {
  return circles(root).map(({ place, names }) => `${place}: ${names.join(' ⇄ ')}: these import each other in a circle`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = violations(join(import.meta.dirname, '..'));
  for (const line of found) process.stderr.write(`${line}\n`);
  process.exitCode = found.length ? 1 : 0;
}
