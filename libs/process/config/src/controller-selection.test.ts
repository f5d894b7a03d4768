import { expect, test } from 'vitest';
import { ConfigError, selectControllers } from './index.js';

const KNOWN = [
  { name: 'job-controller', aliases: ['job'] },
  { name: 'deployment-controller', aliases: ['deployment'] },
  { name: 'token-cleaner-controller', aliases: ['tokencleaner'], offByDefault: true },
];
const ABSENT = [
  { name: 'selinux-warning-controller' },
  { name: 'storage-version-migrator-controller', aliases: ['svm'] },
];

test.each([
  ['*', ['job-controller', 'deployment-controller']],
  ['*,-job', ['deployment-controller']],
  ['*, tokencleaner', ['job-controller', 'deployment-controller', 'token-cleaner-controller']],
  ['job-controller', ['job-controller']],
  ['-job,job,*', ['deployment-controller']],
  ['*,-selinux-warning-controller,svm', ['job-controller', 'deployment-controller']],
  ['', []],
])('%s', (words, expected) => expect([...selectControllers(words, KNOWN, ABSENT)]).toEqual(expected));

test('a name nobody knows is refused', () => {
  expect(() => selectControllers('*,-jbo', KNOWN)).toThrow(ConfigError);
  expect(() => selectControllers('*,-jbo', KNOWN)).toThrow('"jbo" is not in the list of known controllers');
});
