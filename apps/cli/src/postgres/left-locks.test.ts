import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { pastLeftLocks } from './left-locks.js';

const MORE = '/data dir\n1764435000\n5432\n/tmp\n\n  5432001    163841\nready   \n';
const running: ChildProcess[] = [];
const directory = mkdtempSync(join(tmpdir(), 'bn-left lock-'));
const lock = join(directory, 'postmaster.pid');
const socketLock = join(directory, '.s.PGSQL.5432.lock');
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const path of [lock, socketLock]) rmSync(path, { force: true });
});

function spawned(cwd: string, script: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(child);
  return child;
}
const firstLine = async (child: ChildProcess) => String((await once(child.stdout as never, 'data'))[0]).trim();

/** What a Postgres that is started now finds, with its own number. */
function found(): { pid: string; lock: string } {
  const [program = '', ...args] = pastLeftLocks(directory, socketLock, [
    '/bin/sh',
    '-c',
    'echo $$; cat "$1"',
    'postgres',
    lock,
  ]);
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  const [pid = '', ...lines] = stdout.split('\n');
  return { pid, lock: lines.join('\n') };
}

describe.skipIf(!existsSync('/proc/self/stat'))('a lock whose process', () => {
  async function isTakenOver(holder: string) {
    for (const path of [lock, socketLock]) writeFileSync(path, `${holder}\n${MORE}`);
    const { pid, lock: text } = found();
    expect([text, readFileSync(socketLock, 'utf8')]).toEqual([`${pid}\n${MORE}`, `${pid}\n${MORE}`]);
  }

  test('is gone is the new one’s', async () => {
    const child = spawn('/bin/true');
    await once(child, 'exit');
    await isTakenOver(String(child.pid));
  });

  test('has ended and is never reaped is the new one’s', async () => {
    // The shell becomes a program that does not ask for the children it was given.
    const parent = spawned(directory, 'sleep 0 & echo $!; exec sleep 60');
    const zombie = await firstLine(parent);
    await expect
      .poll(() => readFileSync(`/proc/${zombie}/stat`, 'utf8').split(') ')[1]?.[0], { interval: 10 })
      .toBe('Z');
    await isTakenOver(zombie);
  });

  test('is another’s by now is the new one’s', async () => {
    const other = spawned('/', 'echo $$; exec sleep 60');
    await isTakenOver(await firstLine(other));
  });

  test('runs in the directory is left to Postgres', async () => {
    const postgres = spawned(directory, 'echo $$; exec sleep 60');
    const text = `${await firstLine(postgres)}\n${MORE}`;
    writeFileSync(lock, text);
    expect(found().lock).toBe(text);
  });

  test('is about to end is waited for', async () => {
    const ending = spawned(directory, 'echo $$; exec sleep 1');
    await isTakenOver(await firstLine(ending));
  });
});

test.each([
  ['is empty', ''],
  ['holds no number', 'x\n'],
])('a lock that %s is left to Postgres', (_, text) => {
  writeFileSync(lock, text);
  expect(found().lock).toBe(text);
});

test('without a lock the program is run as it is, in the same process', () => {
  const [program = '', ...args] = pastLeftLocks(directory, socketLock, ['/bin/sh', '-c', 'echo "$0 $1"', 'a b', "c'd"]);
  expect(execFileSync(program, args, { encoding: 'utf8' })).toBe("a b c'd\n");
});

test('a kubelet that puts variables into a command leaves it as it is', () => {
  expect(pastLeftLocks(directory, socketLock, []).join('\n')).not.toMatch(/\$[$(]/);
});
