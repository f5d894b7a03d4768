import tseslint from 'typescript-eslint';
import { BESIDES, FRAMEWORKS, forbidden, LAYERS, PLANES } from './tools/layers.mjs';

const SOURCES = ['apps/**/*.{ts,tsx}', 'libs/**/*.{ts,tsx}', 'migrations/**/*.ts', 'tools/**/*.ts'];
const TESTS = [
  '**/*.test.{ts,tsx}',
  '**/*.bench.ts',
  '**/testing/**',
  'bench/**',
  'libs/testing/**',
  'apps/conformance/**',
  'libs/*/*/src/**/suite/**',
];
const TIMELESS = [
  'libs/{machinery,apis,client,control,network}/**/*.ts',
  'libs/node/kubelet/**/*.ts',
  'libs/node/runtime-sim/**/*.ts',
];

const isUnder = (folder, only) => only.some((glob) => folder.startsWith(glob.replace('/**', '')));
const frameworkPatterns = (folder) =>
  FRAMEWORKS.filter(({ only }) => !isUnder(folder, only)).map(({ packages, only }) => ({
    regex: `^${packages}${packages.endsWith('/') || packages.endsWith(')') ? '' : '$'}`,
    message: `only ${only.join(', ')} may import this`,
  }));

const RELATIVE = { regex: '^(\\.\\./){3,}(apps|libs)/', message: 'import other packages by name' };
const DEEP = { regex: '^@binnacle/[a-z-]+/(src|dist)/', message: 'import a package by its front door' };

/** One block a folder: the layer law and the frameworks that are not for it. Tests may import testing as well. */
function law(folder, layers) {
  const block = (files, allowed, ignores = []) => ({
    files,
    ignores,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: forbidden(allowed),
              message: `${folder} may import only: ${allowed.join(', ')} (see tools/layers.mjs)`,
            },
            ...frameworkPatterns(folder),
            RELATIVE,
            DEEP,
          ],
        },
      ],
    },
  });
  return [
    block([`${folder}/**/*.{ts,tsx}`], layers, [`${folder}/**/*.test.{ts,tsx}`]),
    block([`${folder}/**/*.test.{ts,tsx}`], [...layers, 'testing']),
  ];
}

const SERVER_LIBS = [
  'storage',
  'storage-postgres',
  'watch-cache',
  'registry',
  'egress',
  'auth',
  'sign-in',
  'admission',
  'extensions',
  'flow-control',
  'http',
  'live',
  'graphql',
];
const layerLaw = Object.entries(LAYERS).flatMap(([layer, may]) =>
  (layer === 'server' ? SERVER_LIBS.map((lib) => `libs/server/${lib}`) : [`libs/${layer}`]).flatMap((folder) =>
    law(folder, [layer, ...may]),
  ),
);
const planeLaw = Object.entries(PLANES).flatMap(([app, plane]) =>
  law(`apps/${app}`, [plane, ...LAYERS[plane], 'process', ...(BESIDES[app] ?? [])]),
);

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/.next/**',
      '**/generated/**',
      '**/*.d.ts',
      '**/*.config.{ts,js}',
      'tools/fixtures/**',
    ],
  },
  {
    files: SOURCES,
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parser: tseslint.parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'use a union of strings' }],
      complexity: ['error', 11],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['**/*.generated.ts'], rules: { 'max-lines': 'off' } },
  {
    // A promise nobody waits for is a failure nobody hears of. These rules need types, which tests are not compiled with.
    files: ['apps/**/*.ts', 'libs/**/*.{ts,tsx}'],
    ignores: [...TESTS, 'apps/web/**'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  ...layerLaw,
  ...planeLaw,
  {
    files: TIMELESS,
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval'].map((name) =>
        name === 'error' ? name : { name, message: "take time from the context's clock" },
      ),
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: "take time from the context's clock" },
      ],
    },
  },
  {
    // worker-2 stands before worker-10 wherever names are shown.
    files: ['libs/web/**/*.{ts,tsx}'],
    ignores: TESTS,
    rules: {
      'no-restricted-properties': ['error', { property: 'localeCompare', message: 'sort names by compareValues' }],
    },
  },
  {
    files: TESTS,
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
);
