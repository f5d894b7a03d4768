import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from './index.js';

const scratch = mkdtempSync(join(tmpdir(), 'bn-store-'));
const slot = 7;
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ slot, nodes: 1, web: false });
});
afterAll(async () => {
  await cluster.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

function client({ kubeconfig }: Cluster): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.makeApiClient(CoreV1Api);
}

test('what was backed up is there again in a new data directory', async () => {
  const body = { metadata: { name: 'kept' }, data: { word: 'still here' } };
  await client(cluster).createNamespacedConfigMap({ namespace: 'default', body });
  const file = join(scratch, 'running.backup');
  expect(cluster.binnacle('backup', file)).toMatchObject({ status: 0, stderr: '' });
  expect(cluster.binnacle('doctor').stdout).toContain('✓ store');

  const again = cluster.binnacle('restore', file);
  expect(again.status).toBe(2);
  expect(again.stderr).toContain('cluster "main" exists; restore into a new --data-dir');

  await cluster.stop();
  expect(cluster.binnacle('backup', join(scratch, 'stopped.backup'))).toMatchObject({ status: 0, stderr: '' });
  rmSync(cluster.dataDir, { recursive: true });
  const nothing = cluster.binnacle('backup', join(scratch, 'none.backup'));
  expect(nothing.stderr).toContain('there is no database in');
  expect(nothing.status).toBe(2);

  expect(cluster.binnacle('restore', file)).toMatchObject({ status: 0, stderr: '' });
  cluster = await cluster.restart();
  const found = await client(cluster).readNamespacedConfigMap({ namespace: 'default', name: 'kept' });
  expect(found.data).toEqual({ word: 'still here' });
});

function signIn(password: string): number {
  const body = JSON.stringify({ user: 'admin', password });
  const headers = ['-H', 'content-type: application/json', '-H', 'x-binnacle-csrf: 1'];
  const output = ['-sk', '-o', '/dev/null', '-w', '%{http_code}'];
  return Number(execFileSync('curl', [...output, ...headers, '-d', body, `${cluster.apiUrl}/auth/login`]));
}

test('a new password holds at once and the old one no longer does', () => {
  const passwordOf = (output: string) => /Password +(\S+)/.exec(output)?.[1] ?? '';
  const first = passwordOf(cluster.binnacle('password').stdout);
  expect(signIn(first)).toBe(200);
  const second = passwordOf(cluster.binnacle('password').stdout);
  expect(signIn(first)).toBe(401);
  expect(signIn(second)).toBe(200);
});
