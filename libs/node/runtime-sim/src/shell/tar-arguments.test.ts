import { expect, test } from 'vitest';
import { relativeMembers } from './tar-arguments.js';

test.each([
  ['cf - /tmp/a', 'cf - -C / tmp/a'],
  ['-czf /tmp/x.tgz /data /etc', '-czf /tmp/x.tgz -C / data etc'],
  ['-c -f - /', '-c -f - -C / .'],
  ['--create --file - /a', '--create --file - -C / a'],
])('tar %s packs as tar %s', (given, packed) => {
  expect(relativeMembers(given.split(' '))?.join(' ')).toBe(packed);
});

test.each(['cf - a', 'cf - -C /tmp a', 'xf - /a', '-xmf - -C /tmp', 'cf - /a b', 'tf x', ''])(
  'tar %s stays',
  (given) => {
    expect(relativeMembers(given.split(' '))).toBeUndefined();
  },
);
