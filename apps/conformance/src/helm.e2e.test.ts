import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from './index.js';

const CHARTS = join(import.meta.dirname, '..', '..', '..', 'examples', 'charts');

/** Every helm that BINNACLE_HELM names, or else the one on the path: there is none on most machines. */
function findHelms(): string[] {
  const named = (process.env.BINNACLE_HELM ?? '').split(delimiter).filter(Boolean);
  if (named.length > 0) return named;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'helm'))
    .filter((path) => existsSync(path))
    .slice(0, 1);
}

const helms = findHelms();
let cluster: Cluster;
let folder: string;

beforeAll(async () => {
  if (helms.length === 0) return;
  cluster = await startCluster({ slot: 39, nodes: 2, web: false });
  folder = mkdtempSync(join(tmpdir(), 'bn-helm-'));
  cpSync(CHARTS, join(folder, 'charts'), { recursive: true });
});
afterAll(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  await cluster?.dispose();
});

function helm(path: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: join(folder, 'home'), KUBECONFIG: cluster.kubeconfig };
  const { status, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8', env, timeout: 200_000 });
  if (status !== 0) throw new Error(`helm ${args.join(' ')} failed (${status}): ${stderr}${stdout}`);
  return `${stdout}${stderr}`;
}

/** A chart with what an upgrade changes, and where the change is to be seen. */
const charts = [
  { chart: 'web', upgrade: 'greeting=Good evening', then: 'GREETING: "Good evening"' },
  { chart: 'cache', upgrade: 'replicas=2', then: 'replicas: 2' },
  { chart: 'agent', upgrade: 'level=debug', then: 'echo debug' },
  { chart: 'operator', upgrade: 'size=large', then: 'size: large' },
  { chart: 'shop', upgrade: 'front.replicas=2', then: 'replicas: 2' },
];

// It comes neither from npm nor from Debian: where there is none, that is told as a test that was skipped.
test.skipIf(helms.length === 0)('there is a helm on the path, or BINNACLE_HELM names some', () => {
  expect(helms).not.toEqual([]);
});

describe.each(helms)('%s', (path) => {
  test.each(charts)('installs, tests, upgrades, rolls back and removes $chart', ({ chart, upgrade, then }) => {
    const namespace = `${chart}-${helms.indexOf(path)}`;
    const at = join(folder, 'charts', chart);
    const run = (...args: string[]) => helm(path, ...args, '--namespace', namespace);
    const manifest = () => run('get', 'manifest', 'tried');
    helm(path, 'dependency', 'build', at);
    expect(run('install', 'tried', at, '--create-namespace')).toContain('STATUS: deployed');
    expect(run('test', 'tried', '--timeout=100s')).toMatch(/Phase: +Succeeded/);
    expect(manifest()).not.toContain(then);
    expect(run('upgrade', 'tried', at, '--set', upgrade)).toContain('has been upgraded');
    expect(manifest()).toContain(then);
    expect(run('rollback', 'tried', '1')).toContain('Rollback was a success');
    expect(manifest()).not.toContain(then);
    expect(run('upgrade', '--install', 'tried', at, '--set', upgrade)).toContain('has been upgraded');
    const history = JSON.parse(run('history', 'tried', '-o', 'json')) as { status: string }[];
    expect(history.map(({ status }) => status)).toEqual(['superseded', 'superseded', 'superseded', 'deployed']);
    expect(run('list', '-o', 'json')).toContain('"status":"deployed"');
    expect(run('status', 'tried')).toContain('REVISION: 4');
    expect(run('uninstall', 'tried', '--wait', '--timeout=100s')).toContain('release "tried" uninstalled');
    expect(run('list', '-q').trim()).toBe('');
  });
});
