import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { postgresUser } from './postgres-account.js';

const passwd = (...names: string[]) =>
  names.map((name, at) => `${name}:x:${100 + at}:${200 + at}::/:/bin/sh\n`).join('');
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bn-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

describe('where we are root, Postgres runs as', () => {
  beforeEach(() => void vi.spyOn(process, 'getuid').mockReturnValue(0));

  test.each([
    [['root', 'nobody', 'postgres'], { uid: 102, gid: 202 }],
    [['root', 'nobody'], { uid: 101, gid: 201 }],
  ])('the preferred account of %j', (names, account) => {
    expect(postgresUser(join(directory, 'none'), passwd(...names))).toEqual(account);
  });

  test('nobody at all where there is no such account, and says how to make one', () => {
    expect(() => postgresUser(join(directory, 'none'), passwd('root', 'daemon'))).toThrow('useradd --system');
  });

  test('not as root under another name', () => {
    expect(() => postgresUser(join(directory, 'none'), 'postgres:x:0:0::/:/bin/sh\n')).toThrow(
      'refuses to run as root',
    );
  });
});

test('Postgres runs as who we are where we are not root', () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1234);
  vi.spyOn(process, 'getgid').mockReturnValue(4321);
  expect(postgresUser(directory, '')).toEqual({ uid: 1234, gid: 4321 });
});
