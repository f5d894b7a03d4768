import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { describe, expect, test } from 'vitest';
import { layout } from '../data-dir/layout.js';
import { runningPid } from '../data-dir/pid-file.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { noteProcess } from '../data-dir/process-identity.js';
import { listNodes } from '../nodes.js';
import { readUpSettings } from '../settings.js';
import { freshDirectory, listenToStdout } from '../testing/said.js';
import { doctor } from './doctor.js';
import { down } from './down.js';
import { init } from './init.js';
import { restore } from './store.js';
import { switchNode } from './switch-node.js';

const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
const stdout = listenToStdout();
const directory = freshDirectory();

/** Ports that hardly anything else has: nothing is started at them. */
const settings = (more: object = {}) =>
  readUpSettings({
    dataDir: directory.path,
    portOffset: '31000',
    nodes: '2',
    web: true,
    dns: true,
    podCidr: '10.243.0.0/16',
    serviceCidr: '10.97.0.0/16',
    nodeAddressPrefix: '127.0.9',
    ...more,
  });

describe('binnacle down', () => {
  test('says where nothing runs', async () => {
    await down(ctx, directory.path);
    expect(stdout.text()).toBe(`Binnacle does not run on ${directory.path}.\n`);
  });

  test('asks what runs to stop, and waits until it has', async () => {
    const dir = layout(directory.path);
    prepareDataDir(dir);
    const child = spawn(process.execPath, [
      '-e',
      'process.on("SIGTERM", () => process.exit(0)); console.log("up"); setInterval(() => 0, 1000)',
    ]);
    await once(child.stdout, 'data');
    const exited = once(child, 'exit');
    noteProcess(dir.pidFile, child.pid ?? 0);
    await down(ctx, directory.path);
    expect([stdout.text(), runningPid(dir)]).toEqual(['Stopped.\n', undefined]);
    expect(await exited).toEqual([0, null]);
  });

  test('does not take a process of the same number for the one that was noted', async () => {
    const dir = layout(directory.path);
    prepareDataDir(dir);
    writeFileSync(dir.pidFile, JSON.stringify({ pid: process.pid, started: '1' }));
    await down(ctx, directory.path);
    expect(stdout.text()).toContain('does not run');
  });
});

describe('binnacle init', () => {
  test('makes what a cluster needs, shows the password once, and starts nothing', async () => {
    await init(ctx, settings({ databaseUrl: 'postgres://u:p@127.0.0.1:1/x' }));
    const dir = layout(directory.path);
    const first = stdout.text();
    expect(first).toMatch(
      /Prepared .*\n {2}Kubeconfig {2}.*admin\.conf\n {2}User {8}admin\n {2}Password {4}(?:[a-z2-9]{5}-){3}[a-z2-9]{5} {3}\(shown only this once\)\n$/,
    );
    expect([dir.adminKubeconfig, dir.accounts, join(dir.pki, 'ca.crt')].every((path) => existsSync(path))).toBe(true);
    expect(listNodes(dir).map(({ name, address }) => [name, address])).toEqual([
      ['worker-1', '127.0.9.11'],
      ['worker-2', '127.0.9.12'],
    ]);
    await init(ctx, settings({ databaseUrl: 'postgres://u:p@127.0.0.1:1/x' }));
    expect(stdout.text().slice(first.length)).not.toContain('Password');
    expect(runningPid(dir)).toBeUndefined();
  });
});

describe('binnacle node stop and start', () => {
  test('switch a node off and on, and say what comes of it', async () => {
    const dir = layout(directory.path);
    await init(ctx, settings({ databaseUrl: 'postgres://u:p@127.0.0.1:1/x' }));
    expect(switchNode(dir, 'worker-1', 'stopped')).toMatch(/^Stopped worker-1; its heartbeats end/);
    expect(listNodes(dir).map(({ state }) => state)).toEqual(['stopped', 'running']);
    expect(switchNode(dir, 'worker-1', 'stopped')).toBe('worker-1 is stopped already');
    expect(switchNode(dir, 'worker-1', 'running')).toMatch(/^Started worker-1; /);
    expect(() => switchNode(dir, 'worker-9', 'stopped')).toThrow(
      'there is no simulated node "worker-9"; there are: worker-1, worker-2',
    );
  });
});

describe('binnacle doctor', () => {
  const lines = () => stdout.text().trimEnd().split('\n');
  const lineOf = (name: string) => lines().find((line) => line.slice(2).startsWith(name));

  test('looks at everything a start depends on, and changes nothing', async () => {
    await doctor(ctx, settings());
    expect(lines().map((line) => line.slice(2).split(':')[0])).toEqual([
      'Node.js',
      'memory',
      'open files',
      'processes of this account',
      'loopback',
      'data directory',
      'disk space',
      'addresses and ports',
      'embedded Postgres',
      'database',
      'certificates',
      'last run',
    ]);
    expect(existsSync(layout(directory.path).pki)).toBe(false);
  });

  test('names a port that is taken, and what takes another', async () => {
    const server = createServer().listen(37_443, '127.0.0.1');
    await once(server, 'listening');
    expect(await doctor(ctx, settings())).toBe(false);
    server.close();
    expect(lineOf('addresses and ports')).toBe(
      '✗ addresses and ports: port 37443 on 127.0.0.1, wanted for the API server, is taken; stop what uses it or choose another with --port',
    );
  });

  test('tells of a directory that holds other things, and of a last run that did not end well', async () => {
    writeFileSync(join(directory.path, 'letter.txt'), '');
    expect(await doctor(ctx, settings())).toBe(false);
    expect(lineOf('data directory')).toContain('it holds other things, such as letter.txt');
    const dir = layout(directory.path);
    mkdirSync(dir.run);
    writeFileSync(dir.pidFile, '{}');
    await doctor(ctx, settings());
    expect(lines().at(-1)).toBe('✗ last run: the last run did not stop cleanly; the next start recovers by itself');
  });
});

test.each<[string, (path: string) => string]>([
  ['is not there', (path) => join(path, 'gone')],
  ['is a directory', (path) => path],
])('binnacle restore refuses a file that %s before it makes anything', async (_, fileOf) => {
  const file = fileOf(directory.path);
  await expect(restore(ctx, { dataDir: join(directory.path, 'new') }, file, [])).rejects.toThrow(
    /cannot be read \(.+\); give the path of a backup/,
  );
  expect(existsSync(join(directory.path, 'new'))).toBe(false);
});
