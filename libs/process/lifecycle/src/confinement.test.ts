import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { confinement, type Machine } from './index.js';

let directory = '';
let told: string[] = [];
const logger = { ...silentLogger, info: (message: string) => void told.push(message) };
const tool = (name: string) => join(directory, name);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'binnacle-confine-'));
  told = [];
  for (const name of ['setpriv', 'prlimit']) writeFileSync(tool(name), '', { mode: 0o755 });
});
afterEach(() => rmSync(directory, { recursive: true }));

const at = (isRoot: boolean, works: (command: readonly string[]) => boolean, more: Partial<Machine> = {}) =>
  confinement(logger, {
    path: `/none:${directory}`,
    isRoot,
    capabilities: ['kill', 'fowner'],
    openFiles: 4096,
    works: async (command) => works(command),
    ...more,
  });

test('root keeps few powers and gets files enough, others gain none', async () => {
  const root = await at(true, () => true);
  const limits = [tool('prlimit'), '--core=0:0', '--nofile=65536:65536'];
  const few = [tool('setpriv'), '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all,+kill,+fowner'];
  expect(root.own).toEqual([...limits, ...few]);
  const postgres = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all', '--reuid=70', '--regid=71'];
  expect(root.other?.({ uid: 70, gid: 71 })).toEqual([...limits, tool('setpriv'), ...postgres, '--clear-groups']);
  const person = await at(false, () => true);
  const modest = [tool('prlimit'), '--core=0:0', '--nofile=4096:4096', tool('setpriv'), '--no-new-privs'];
  expect([person.own, person.keeping(['kill']), person.other]).toEqual([modest, modest, undefined]);
  expect(root.keeping(['kill']).at(-1)).toBe('--bounding-set=-all,+kill');
  expect(told).toEqual([]);
});

test('what the machine does not allow is left out, and said', async () => {
  const isMore = (word: string) => word.startsWith('--bounding-set') || word.startsWith('--nofile=65536');
  const some = await at(true, (command) => !command.some(isMore));
  expect(some.own).toEqual([tool('prlimit'), '--core=0:0', '--nofile=4096:4096', tool('setpriv'), '--no-new-privs']);
  expect(some.other).toBeUndefined();
  expect(told).toEqual([]);
  expect((await at(true, () => false)).own).toEqual([]);
  expect((await at(false, () => true, { path: '/none' })).own).toEqual([]);
  expect(told).toHaveLength(2);
});

test('a limit that makes programs slow is lowered', async () => {
  const { own } = await at(false, () => true, { openFiles: 1_073_741_816 });
  expect(own).toContain('--nofile=1048576:1048576');
});

test('what comes of it on this machine can be run', async () => {
  const isRoot = process.getuid?.() === 0;
  const { own } = await confinement(logger, { path: '/usr/bin:/bin', isRoot, capabilities: [] });
  const { stdout } = spawnSync(own[0] ?? 'sh', [...own.slice(1), 'sh', '-c', 'ulimit -c'], { encoding: 'utf8' });
  if (own.includes('--core=0:0')) expect(stdout).toBe('0\n');
});
