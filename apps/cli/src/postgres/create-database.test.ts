import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { beforeEach, describe, expect, test } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { freshDirectory } from '../testing/said.js';
import { findBinaries, requireBinaries } from './binaries.js';
import { createDatabase } from './create-database.js';
import { databaseDirectory, embeddedDatabaseUrl, othersMayReach, socketDirectory } from './directory.js';

const directory = freshDirectory();
/** This account, or one that is not root where this is root's. */
const user = { uid: process.getuid?.() || 65_534, gid: process.getgid?.() || 65_534 };
let dir: DataDir;
let abort: AbortController;
const ctx = () => ({ signal: abort.signal, clock: systemClock, logger: silentLogger });

beforeEach(() => {
  abort = new AbortController();
  dir = layout(directory.path);
  chmodSync(dir.root, 0o755);
  mkdirSync(dir.postgres, { mode: 0o755 });
});

/** A shell script in the place of initdb: $2 is where the database is to be. */
function initdb(script: string) {
  const path = join(dir.root, 'initdb');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return { postgres: '', initdb: path, major: 18 };
}

describe('a database', () => {
  test('is built beside, and there when it is whole', async () => {
    await createDatabase(ctx(), dir, initdb('echo "$@" > "$2/made"'), user);
    expect(readdirSync(dir.postgres)).toEqual(['data']);
    const words = readFileSync(join(databaseDirectory(dir), 'made'), 'utf8');
    expect(words).toMatch(/^-D .*\/new-\w+ -U binnacle -A trust -E UTF8 --locale=C --no-instructions\n$/);
    expect(statSync(databaseDirectory(dir)).uid).toBe(user.uid);
  });

  test.each([
    [
      'echo "initdb: error: could not write: No space left on device" >&2; exit 1',
      'the disk is full: free space on it',
    ],
    ['echo something >&2; exit 3', 'the database cannot be made: initdb ended with 3'],
  ])('that cannot be made leaves nothing behind: %s', async (script, message) => {
    await expect(createDatabase(ctx(), dir, initdb(script), user)).rejects.toThrow(message);
    expect(readdirSync(dir.postgres)).toEqual([]);
  });

  test('that nobody waits for any more leaves nothing behind', async () => {
    const making = createDatabase(ctx(), dir, initdb('touch "$2/begun"; exec sleep 300'), user);
    const isBegun = () => readdirSync(dir.postgres).some((name) => existsSync(join(dir.postgres, name, 'begun')));
    await expect.poll(isBegun).toBe(true);
    abort.abort(new Error('stopped'));
    await expect(making).rejects.toThrow('stopped');
    expect(readdirSync(dir.postgres)).toEqual([]);
  });

  test('is reached by its socket, whatever the path is called', () => {
    const odd = layout('/tmp/a b&c');
    const url = new URL(embeddedDatabaseUrl(odd).replace('@/', '@h/'));
    expect(url.searchParams.get('host')).toBe(socketDirectory(odd));
  });
});

describe('the programs of Postgres', () => {
  test('are found where this account may run them, and tell their version', async () => {
    const found = await findBinaries(user, dir.libraries);
    expect(found.major).toBeGreaterThanOrEqual(15);
    expect([found.postgres, found.initdb].every((path) => existsSync(path))).toBe(true);
    await requireBinaries(user, dir.libraries);
  });
});

test('others reach what everybody may enter from the root on', () => {
  const [open, shut] = ['open', 'shut'].map((name) => join(dir.root, name)) as [string, string];
  mkdirSync(open);
  mkdirSync(join(shut, 'open'), { recursive: true });
  chmodSync(open, 0o711);
  chmodSync(shut, 0o700);
  chmodSync(join(shut, 'open'), 0o777);
  expect([open, shut, join(shut, 'open'), '/'].map(othersMayReach)).toEqual([true, false, false, true]);
});
