import { expect, test } from 'vitest';
import { proxiedName } from './proxied-name.js';

test.each([
  ['web', false, 'web', ''],
  ['web:80', false, 'web', '80'],
  ['https:web:443', true, 'web', '443'],
  ['http:web:', false, 'web', ''],
  [':web:80', false, 'web', '80'],
])('%s', (id, isTls, name, port) => {
  expect(proxiedName('pod', id)).toEqual({ isTls, name, port });
});

test.each(['', ':80', 'ftp:web:80', 'a:b:c:d'])('%j is none', (id) => {
  expect(() => proxiedName('service', id)).toThrow(`invalid service request ${JSON.stringify(id)}`);
});
