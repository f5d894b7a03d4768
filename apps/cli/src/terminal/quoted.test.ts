import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoted } from './quoted.js';

test('a plain word stays plain', () => {
  expect(['/var/lib/binnacle', 'a=b,c', 'a b', '', "it's", '$HOME'].map(quoted)).toEqual([
    '/var/lib/binnacle',
    'a=b,c',
    "'a b'",
    "''",
    String.raw`'it'\''s'`,
    "'$HOME'",
  ]);
});

test('a shell reads back what was meant', () => {
  const words = fc.array(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(words, (given) => {
      const text = execFileSync('sh', ['-c', `printf '%s\\0' ${given.map(quoted).join(' ')}`]).toString();
      expect(text.split('\0').slice(0, -1)).toEqual(
        given.length ? given.map((word) => Buffer.from(word).toString()) : [''],
      );
    }),
    { numRuns: 20 },
  );
});
