import { expect, test } from 'vitest';
import { missingEntries, withoutDigest } from './complete-lock.mjs';

const integrity = 'sha512-AAAA';

test('a package of the registry without a digest is found, also where another package holds it', () => {
  const packages = {
    '': {},
    'libs/a': { version: '0.1.0' },
    'node_modules/@binnacle/a': { resolved: 'libs/a', link: true },
    'node_modules/good': { version: '1.0.0', integrity },
    'node_modules/bare': { version: '1.0.0' },
    'node_modules/weak': { version: '1.0.0', integrity: 'sha1-AAAA' },
    'node_modules/good/node_modules/bare': { version: '2.0.0' },
    'node_modules/good/node_modules/bundled': { version: '2.0.0', inBundle: true },
  };
  expect(withoutDigest({ packages })).toEqual([
    'node_modules/bare',
    'node_modules/weak',
    'node_modules/good/node_modules/bare',
  ]);
});

test('the packages of other platforms are found', () => {
  const packages = { 'node_modules/tool': { dev: true, optionalDependencies: { 'tool-linux-arm64-musl': '1.2.3' } } };
  expect(missingEntries({ packages })).toEqual({
    'node_modules/tool-linux-arm64-musl': {
      version: '1.2.3',
      cpu: ['arm64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    },
  });
});
