import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startPeerControllerManager, startPeerProxy, startPeerScheduler, workerPrograms } from './workers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bn-workers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Stands for a program of upstream's: writes what it is started with and waits. */
function stand(): string {
  const path = join(folder, 'stand');
  writeFileSync(path, '#!/bin/sh\necho "$@" >&2\nexec sleep 60\n', { mode: 0o755 });
  return path;
}

async function flagsOf(start: (path: string, hear: (text: string) => void) => { end(): Promise<void> }) {
  const heard = await new Promise<string>((resolve) => {
    const program = start(stand(), (text) => void program.end().then(() => resolve(text)));
  });
  return heard.trim().split(' ');
}

it('are named by the environment', () => {
  expect(workerPrograms({})).toEqual({});
  expect(workerPrograms({ BINNACLE_KUBE_PROXY: '/p' })).toEqual({ proxy: '/p' });
  expect(workerPrograms({ BINNACLE_KUBE_SCHEDULER: '/s', BINNACLE_KUBE_CONTROLLER_MANAGER: '/c' })).toEqual({
    scheduler: '/s',
    controllerManager: '/c',
  });
});

it('the scheduler is told to look at every node, and not to hold back', async () => {
  const flags = await flagsOf((path, hear) =>
    startPeerScheduler(path, { kubeconfig: '/k.conf', folder, port: 7, hear }),
  );
  expect(flags).toContain('--secure-port=7');
  const config = JSON.parse(readFileSync(join(folder, 'kube-scheduler.json'), 'utf8')) as Record<string, unknown>;
  expect(config).toMatchObject({ percentageOfNodesToScore: 100, clientConnection: { kubeconfig: '/k.conf' } });
});

it('the proxy is told which node it is, and not to ask for protobuf', async () => {
  await flagsOf((path, hear) =>
    startPeerProxy(path, 'node-0', '10.1.0.0/16', { kubeconfig: '/k.conf', folder, port: 7, hear }),
  );
  const config = JSON.parse(readFileSync(join(folder, 'kube-proxy.json'), 'utf8')) as Record<string, unknown>;
  expect(config).toMatchObject({
    mode: 'nftables',
    hostnameOverride: 'node-0',
    clusterCIDR: '10.1.0.0/16',
    metricsBindAddress: '127.0.0.1:7',
    clientConnection: { kubeconfig: '/k.conf', contentType: 'application/json' },
  });
});

it('the controller manager is told of the cluster', async () => {
  const facts = { clusterCidr: '10.1.0.0/16', serviceCidr: '10.2.0.0/16', ca: '/ca', caKey: '/key', tokenKey: '/sa' };
  const flags = await flagsOf((path, hear) =>
    startPeerControllerManager(path, facts, { kubeconfig: '/k.conf', folder, port: 8, hear }),
  );
  expect(flags).toEqual(
    expect.arrayContaining([
      '--cluster-cidr=10.1.0.0/16',
      '--root-ca-file=/ca',
      '--service-account-private-key-file=/sa',
    ]),
  );
});

it('that cannot be started is told of', async () => {
  const program = startPeerScheduler('/nowhere/s', { kubeconfig: '/k.conf', folder, port: 7 });
  await vi.waitFor(() => expect(() => program.check()).toThrow(/does not run: .*ENOENT/));
});
