import { expect, test } from 'vitest';
import { explain } from './diagnosis.js';

const at = '2026-11-29 13:17:01.229 UTC [23060] ';

test.each([
  [
    'garbage in pg_control, as a container log has it',
    `2026-11-29T13:17:01.2Z stderr F ${at}FATAL:  database files are incompatible with server\n2026-11-29T13:17:01.2Z stderr F ${at}DETAIL:  The database cluster was initialized with PG_CONTROL_VERSION -1.\n`,
    'database files are incompatible with server: The database cluster was initialized with PG_CONTROL_VERSION -1. (the files are damaged: restore a backup)',
  ],
  [
    'a cut log, followed by the end of the server',
    `${at}LOG:  invalid checkpoint record\n${at}PANIC:  could not locate a valid checkpoint record at 0/174B250\n${at}LOG:  startup process (PID 1) was terminated by signal 6: Aborted\n`,
    'PANIC: could not locate a valid checkpoint record at 0/174B250 (the files are damaged: restore a backup)',
  ],
  [
    'a missing pg_control',
    'postgres: could not find the database system\nExpected to find it in the directory "/d",\nbut could not open file "/d/global/pg_control": No such file or directory\n',
    'postgres: could not find the database system: could not open file "/d/global/pg_control": No such file or directory (the files are damaged: restore a backup)',
  ],
  [
    'an account that nobody knows',
    'initdb: error: could not look up effective user ID 54321: user does not exist\n',
    'could not look up effective user ID 54321: user does not exist (Postgres needs an account in /etc/passwd: add a line for this one there, or set DATABASE_URL)',
  ],
  [
    'a full disk',
    `${at}FATAL:  could not write lock file "postmaster.pid": No space left on device\n`,
    'could not write lock file "postmaster.pid": No space left on device (the disk is full: free space on it and start again)',
  ],
  ['nothing grave', `${at}LOG:  database system is ready to accept connections\n`, undefined],
  ['only what clients were told', `${at}FATAL:  the database system is starting up\n`, undefined],
])('%s', (_, log, sentence) => {
  expect(explain(log)).toBe(sentence);
});
