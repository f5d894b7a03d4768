import { ConfigError } from '@binnacle/process-config';
import { expect, test } from 'vitest';
import { failureOf } from './failure.js';

const refused = (code: string): Error => Object.assign(new Error(`${code}: no, open '/x'`), { code, syscall: 'open' });

test.each([
  ['what was asked for wrongly', new ConfigError('--port is wrong'), 2, '--port is wrong'],
  ['a refusal of the system, with a mend', refused('EACCES'), 1, "EACCES: no, open '/x'; give this account the right"],
  ['a full disk', refused('ENOSPC'), 1, 'free space on the disk'],
])('%s is one sentence', (_, error, exitCode, words) => {
  const failure = failureOf(error);
  expect(failure.exitCode).toBe(exitCode);
  expect(failure.words).toContain(words);
  expect(failure.words).not.toContain('\n');
});

test('a fault of ours shows where it is', () => {
  expect(failureOf(new TypeError('x is undefined')).words).toContain('failure.test');
});
