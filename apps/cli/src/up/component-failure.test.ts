import { describe, expect, test } from 'vitest';
import { type ContainerFacts, lastWords, whyHopeless } from './component-failure.js';

const since = 1000;
const ended = { exitCode: 1, at: since + 1 };
const crashing: ContainerFacts = { waiting: { reason: 'CrashLoopBackOff' }, ended };
const why = (name: string, facts: ContainerFacts | undefined, log = '') =>
  whyHopeless({ name, facts, log, since }, 'restore a backup');
const line = (entry: object) => `2026-11-29T13:17:01Z stdout F ${JSON.stringify(entry)}\n`;

describe('a start goes on', () => {
  test.each<[string, string, ContainerFacts | undefined]>([
    ['while nothing is known', 'kube-apiserver', undefined],
    ['while the process runs', 'postgres', {}],
    ['after an end before this start', 'postgres', { ended: { exitCode: 1, at: since - 1 } }],
    ['after an end that nobody saw', 'postgres', { ended: { exitCode: 255, reason: 'Unknown', at: since + 1 } }],
    ['when a component that is tried again ended once', 'kube-scheduler', { ended }],
    ['when Postgres ended once and said nothing grave', 'postgres', { ended }],
  ])('%s', (_, name, facts) => {
    expect(why(name, facts)).toBeUndefined();
  });
});

describe('a start is given up', () => {
  test('when Postgres ended, with its words and the way to restore', () => {
    const log =
      '2026-11-29T13:17:01Z stderr F 2026-11-29 13:17:01.2 UTC [7] PANIC:  could not locate a valid checkpoint record\n';
    expect(why('postgres', { ended }, log)).toBe(
      'Postgres does not start: PANIC: could not locate a valid checkpoint record (the files are damaged: restore a backup)',
    );
  });

  test('when Postgres ends again and again, whatever it says', () => {
    const log = '2026-11-29T13:17:01Z stderr F 2026-11-29 13:17:01.2 UTC [7] LOG:  database system was interrupted\n';
    expect(why('postgres', { ended }, log)).toBeUndefined();
    expect(why('postgres', crashing, log)).toContain('Postgres does not start: postgres ended: ');
  });

  test.each([
    'pre-existing shared memory block (key 1, ID 2) is still in use',
    'lock file "postmaster.pid" already exists',
  ])('when one before does not go away: %s', (words) => {
    const log = `2026-11-29 13:17:01.2 UTC [7] FATAL:  ${words}\n`;
    expect(why('postgres', { ended }, log)).toBeUndefined();
    expect(why('postgres', crashing, log)).toBe(
      `Postgres does not start: ${words} (another Postgres uses these files: stop it first)`,
    );
  });

  test('when a process cannot be started at all', () => {
    const waiting = { reason: 'RunContainerError', message: 'failed to start container "web": spawn EACCES' };
    expect(why('web', { waiting })).toBe(
      'web cannot be started: failed to start container "web": spawn EACCES; let this account read, write and run it',
    );
  });

  test('when a component ends again and again, with its last error and the mend', () => {
    const log =
      line({ level: 'info', msg: 'starting' }) + line({ level: 'error', msg: 'listen EADDRINUSE 127.0.0.1:6443' });
    expect(why('kube-apiserver', crashing, log)).toBe(
      'kube-apiserver ended: listen EADDRINUSE 127.0.0.1:6443; stop what uses that address, or choose other ports with --port-offset',
    );
  });

  test('when it was killed', () => {
    expect(why('web', { ...crashing, ended: { exitCode: 137, at: since } })).toContain('for want of memory');
  });

  test('when its log says that it will not get better', () => {
    const log =
      line({ level: 'error', msg: 'migrated by a newer release', fatal: true }) +
      line({ level: 'error', msg: 'stopping' });
    expect(why('kube-apiserver', undefined, log)).toBe('migrated by a newer release');
  });

  test('also when it said nothing', () => {
    expect(why('web', crashing)).toBe('web ended with exit code 1 and said nothing');
  });
});

test.each([
  [
    'an error with its cause',
    line({ level: 'error', msg: 'cannot listen', error: { message: 'EACCES' } }),
    'cannot listen: EACCES',
  ],
  [
    'an uncaught error',
    "node:internal/modules:1\n  throw err;\n  ^\n\nError: Cannot find module '/x'\n    at f (a.js:1:1) {\n  code: 'MODULE_NOT_FOUND'\n}\n\nNode.js v20.20.2\n",
    "Error: Cannot find module '/x'",
  ],
  ['a plain line', 'something odd\n', 'something odd'],
  ['nothing', '', undefined],
])('the last words: %s', (_, log, words) => {
  expect(lastWords(log)).toBe(words);
});
