import { expect, it } from 'vitest';
import { normalise, normaliseText } from './normalise.js';

const now = Date.parse('2026-11-29T12:00:00Z');

it.each([
  ['a uid', 'uid 0b1f1d2c-aaaa-bbbb-cccc-1234567890ab is known', 'uid <uid> is known'],
  ['a time of today', 'at 2026-11-29T11:59:58Z', 'at <now>'],
  ['a finer time of today', 'at 2026-11-29T11:59:58.123456Z', 'at <now.micro>'],
  ['an allocated address', 'clusterIP 10.96.3.4', 'clusterIP <address>'],
  ['a generated name', 'generated-x2bcd', 'generated-<name>'],
  [
    'a revision',
    'Too large resource version: 999, current: 17',
    'Too large resource version: 999, current: <revision>',
  ],
])('%s is put aside', (_what, text, expected) => {
  expect(normaliseText(text, now)).toBe(expected);
});

it.each([
  ['a uid that the corpus made up', '11111111-2222-3333-4444-555555555555'],
  ['a time of long ago', '2020-01-01T00:00:00Z'],
  ['the address that was asked for', '10.96.7.7'],
  ['an address elsewhere', '10.1.2.3'],
])('%s stays', (_what, text) => {
  expect(normaliseText(text, now)).toBe(text);
});

it('puts revisions, tokens, ports and ages aside by where they stand', () => {
  const list = {
    metadata: { resourceVersion: '17', continue: 'abc' },
    items: [{ spec: { ports: [{ port: 80, nodePort: 30_123 }], healthCheckNodePort: 31_777 } }],
    rows: [{ cells: ['a', '5m12s', 3, '80:30123/TCP'] }],
  };
  expect(normalise(list, now)).toEqual({
    metadata: { resourceVersion: '<revision>', continue: '<token>' },
    items: [{ spec: { ports: [{ port: 80, nodePort: '<port>' }], healthCheckNodePort: 31_777 } }],
    rows: [{ cells: ['a', '<age>', 3, '80:<port>/TCP'] }],
  });
});

it('leaves an empty version empty', () => {
  expect(normalise({ resourceVersion: '', continue: '' }, now)).toEqual({ resourceVersion: '', continue: '' });
});
