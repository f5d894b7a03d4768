import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, eventually, startCluster } from './index.js';

const scratch = mkdtempSync(join(tmpdir(), 'bn-crash-'));
// Postgres has an account of its own where we are root.
chmodSync(scratch, 0o755);
const dataDir = join(scratch, 'my data');
const slot = 8;
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ slot, nodes: 1, web: false, dataDir });
});
afterAll(async () => {
  await cluster?.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

async function killUp(): Promise<void> {
  process.kill(cluster.pid, 'SIGKILL');
  await eventually('binnacle up is gone', () => cluster.binnacle('status').stdout.includes('was killed'));
}

const COMPONENTS = ['postgres', 'kube-apiserver', 'kube-scheduler', 'kubelet-sim', '--runtime=process'];
const runningNow = () => COMPONENTS.filter((component) => cluster.pidOf(component) !== undefined);

test('a cluster whose `binnacle up` was killed runs on, is told so, and is taken over by the next one', async () => {
  const postgres = cluster.pidOf('postgres');
  await killUp();
  expect(cluster.binnacle('backup', join(scratch, 'a.backup'))).toMatchObject({ status: 0, stderr: '' });
  const doctor = cluster.binnacle('doctor');
  expect([doctor.status, doctor.stdout]).toEqual([1, expect.stringMatching(/✗ last run: .*killed[^]*✓ store/)]);
  cluster = await cluster.restart();
  expect(cluster.pidOf('postgres')).toBe(postgres);
  await cluster.stop();
  expect(runningNow()).toEqual([]);
});

test('it can be stopped as well', async () => {
  cluster = await cluster.restart();
  await killUp();
  expect(cluster.binnacle('down')).toMatchObject({ status: 0, stdout: 'Stopped.\n' });
  expect(runningNow()).toEqual([]);
  expect(cluster.binnacle('doctor')).toMatchObject({ status: 0, stdout: expect.stringContaining('✓ store') });
});

test('a closed terminal stops everything in order', async () => {
  cluster = await cluster.restart();
  expect(await cluster.hangUp()).toBe(0);
  expect(runningNow()).toEqual([]);
  expect(existsSync(join(dataDir, 'run', 'binnacle.pid'))).toBe(false);
});

test('after the power was cut, a port that somebody else has taken is named', async () => {
  cluster = await cluster.restart();
  const { apiUrl } = cluster;
  await killUp();
  for (const component of ['--runtime=process', 'kubelet-sim', ...COMPONENTS]) {
    const pid = cluster.pidOf(component);
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }
  const others = [
    'kube-proxy',
    'kube-dns',
    'ingress-controller',
    'kube-controller-manager',
    'cloud-controller-manager',
  ];
  for (const component of others) cluster.kill(component);
  await eventually('nothing runs any more', () => runningNow().length === 0);
  const port = Number(new URL(apiUrl).port);
  // A process that is ended is gone from the list a moment before its ports are free.
  const other = await eventually('the port is free', async () => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  });
  await expect(cluster.restart()).rejects.toThrow(`port ${port} on 127.0.0.1, wanted for the API server, is taken`);
  other.close();
  cluster = await cluster.restart();
  expect(cluster.binnacle('status').status).toBe(0);
});
