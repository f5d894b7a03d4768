import { ConfigError } from '@binnacle/process-config';
import { expect, test } from 'vitest';
import { selectControllers } from './controller-selection.js';
import { CONTROLLERS } from './controllers.js';

const KNOWN = [
  { name: 'job-controller', aliases: ['job'] },
  { name: 'deployment-controller', aliases: ['deployment'] },
  { name: 'token-cleaner-controller', aliases: ['tokencleaner'], offByDefault: true },
];

test.each([
  ['*', ['job-controller', 'deployment-controller']],
  ['*,-job', ['deployment-controller']],
  ['*, tokencleaner', ['job-controller', 'deployment-controller', 'token-cleaner-controller']],
  ['job-controller', ['job-controller']],
  ['-job,job,*', ['deployment-controller']],
  ['*,-selinux-warning-controller,svm', ['job-controller', 'deployment-controller']],
  ['', []],
])('%s', (words, expected) => expect([...selectControllers(words, KNOWN)]).toEqual(expected));

test('a name nobody knows is refused', () => {
  expect(() => selectControllers('*,-jbo', KNOWN)).toThrow(ConfigError);
  expect(() => selectControllers('*,-jbo', KNOWN)).toThrow('"jbo" is not in the list of known controllers');
});

test('no two controllers have a name in common', () => {
  const names = CONTROLLERS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});
