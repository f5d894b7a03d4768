import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, type KubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { takeDataDir } from '../data-dir/pid-file.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { listenToStdout } from '../testing/said.js';
import { createCluster, deleteCluster, listClusters, retainCluster } from './cluster.js';
import { kubeconfig } from './kubeconfig.js';
import { status } from './status.js';

const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
let server: TestApiServer;
let dir: DataDir;
let dataDir = '';
const stdout = listenToStdout();

beforeAll(async () => {
  server = await startTestApiServer();
  dataDir = mkdtempSync(join(tmpdir(), 'bn-'));
  dir = layout(dataDir);
  prepareDataDir(dir);
  writeFileSync(dir.adminKubeconfig, server.kubeconfig());
  for (const [name, text] of Object.entries({
    'ca.crt': server.authority.certificate,
    'admin.crt': server.admin.cert,
    'admin.key': server.admin.key,
  }))
    writeFileSync(join(dir.pki, name), text ?? '');
});
afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true });
});

const nodesOf = async (cluster: string): Promise<readonly Node[]> =>
  (await server.client.inCluster(cluster).resource<Node>(refs.nodes).list(ctx)).items;
const newPod = (name: string, namespace = 'default', labels = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { containers: [{ name: 'main', image: 'app' }] },
});
const podsOf = async (client: KubeClient): Promise<readonly Pod[]> =>
  (await client.resource<Pod>(refs.pods).list(ctx)).items;

describe('binnacle cluster', () => {
  it('makes an empty cluster with the nodes it is told', async () => {
    await createCluster(ctx, 'lab', { dataDir, nodes: '2' });
    expect(stdout.text()).toBe('Made lab, with 2 simulated nodes; "binnacle kubeconfig --cluster lab" leads there\n');
    const nodes = await nodesOf('lab');
    expect(nodes.map(({ metadata, spec }) => [metadata.name, spec?.providerID])).toEqual([
      ['worker-1', 'simulated://kubelet-sim/worker-1'],
      ['worker-2', 'simulated://kubelet-sim/worker-2'],
    ]);
  });

  it('lists the clusters there are', async () => {
    await listClusters(ctx, dataDir);
    const [head, ...rows] = stdout.text().trimEnd().split('\n');
    expect(head).toMatch(/^NAME +REVISION +PODS +MADE$/);
    expect(rows.map((row) => row.split(/ +/)[0]).sort()).toEqual(['lab', 'main', 'root']);
    expect(rows.filter((row) => !/^\S+ +\d+ +(10\.[\d.]+\/\d+ +)?\d{4}-\d\d-\d\dT[\d:]+Z$/.test(row))).toEqual([]);
  });

  it('forks one as it is, or as it was', async () => {
    const pods = server.client.inCluster('lab').resource<Pod>(refs.pods);
    const first = await pods.create(ctx, newPod('first'));
    await pods.create(ctx, newPod('second'));
    await createCluster(ctx, 'now', { dataDir, nodes: '0' }, 'lab');
    await createCluster(ctx, 'then', { dataDir, nodes: '0', at: first.metadata.resourceVersion }, 'lab');
    expect(stdout.text()).toContain('Forked lab as now, with 0 simulated nodes');
    const names = async (cluster: string) =>
      (await podsOf(server.client.inCluster(cluster))).map(({ metadata }) => metadata.name);
    expect([await names('now'), await names('then')]).toEqual([['first', 'second'], ['first']]);
    expect(await nodesOf('then')).toEqual([]);
  });

  it('leads to a cluster by a kubeconfig that clients can read', async () => {
    await kubeconfig({ dataDir, cluster: 'lab' });
    const file = join(dataDir, 'lab.conf');
    writeFileSync(file, stdout.text());
    const client = createKubeClient(loadKubeconfigFile(file));
    expect((await podsOf(client)).map(({ metadata }) => metadata.name)).toEqual(['first', 'second']);
    await client.close();
  });

  it('leads to the past of a cluster as well', async () => {
    await kubeconfig({ dataDir, cluster: 'lab', at: '1' });
    const file = join(dataDir, 'past.conf');
    writeFileSync(file, stdout.text());
    const client = createKubeClient(loadKubeconfigFile(file));
    expect(await podsOf(client)).toEqual([]);
    await expect(client.resource<Pod>(refs.pods).create(ctx, newPod('late'))).rejects.toMatchObject({
      code: 403,
      message: expect.stringContaining('past') as string,
    });
    await client.close();
  });

  it('deletes a cluster', async () => {
    await deleteCluster(ctx, 'now', dataDir);
    expect(stdout.text()).toBe('Deleted now\n');
    await expect(nodesOf('now')).rejects.toMatchObject({ code: 404 });
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ['a name that is taken', () => createCluster(ctx, 'lab', { dataDir, nodes: '1' }), /"lab" already exists/],
    ['a cluster that is not there', () => deleteCluster(ctx, 'gone', dataDir), /not found|does not exist/],
    ['a source that is not there', () => createCluster(ctx, 'new', { dataDir, nodes: '0' }, 'gone'), /gone/],
    [
      'a past that has not been',
      () => createCluster(ctx, 'new', { dataDir, nodes: '0', at: '999999' }, 'lab'),
      /Too large resource version/,
    ],
    ['a name that is none', () => createCluster(ctx, 'A b', { dataDir, nodes: '1' }), /"A b" is no name of a cluster/],
    [
      'too many nodes',
      () => createCluster(ctx, 'new', { dataDir, nodes: '9' }),
      /--nodes must be a whole number up to 8/,
    ],
    ['an age that is none', () => retainCluster(ctx, 'lab', { dataDir, age: 'long' }), /--age must be a time/],
    [
      'to keep a past in memory',
      () => retainCluster(ctx, 'lab', { dataDir, age: '1h' }),
      /could not find the requested/,
    ],
  ])('refuses %s in one sentence', async (_, run, message) => {
    const error = await run().then(
      () => undefined,
      (failed: unknown) => failed as Error,
    );
    expect(error).toMatchObject({ name: 'ConfigError', message: expect.stringMatching(message) as string });
    expect(error?.message).not.toContain('\n');
  });
});

describe('binnacle status', () => {
  it('refuses where nothing runs', async () => {
    await expect(status(dataDir)).rejects.toThrow(`Binnacle does not run on ${dataDir}; start it with "binnacle up"`);
  });

  it('tells of the API server, the nodes and the components', async () => {
    const nodes = server.client.resource<Node>(refs.nodes);
    await nodes.create(ctx, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' } });
    const ready = {
      conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: undefined, lastTransitionTime: undefined }],
    };
    await nodes.patch(ctx, { name: 'worker-1' }, 'merge', { status: ready }, 'status');
    await nodes.create(ctx, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-2' } });
    const pods = server.client.resource<Pod>(refs.pods);
    await pods.create(ctx, newPod('kube-scheduler-control-plane', 'kube-system', { tier: 'control-plane' }));
    await pods.create(ctx, newPod('mine', 'kube-system'));
    const release = takeDataDir(dir);
    await status(dataDir).finally(release);
    const lines = stdout.text().trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual([
      `Binnacle runs on ${dataDir} (pid ${process.pid})`,
      `API server ${server.url} ready`,
    ]);
    expect(lines.slice(2).map((line) => line.replace(/ {2,}/g, ' ').trim())).toEqual([
      'Nodes',
      'worker-1 ready',
      'worker-2 not ready',
      'Components',
      'kube-scheduler-control-plane not ready',
    ]);
  });
});

describe('where nothing answers', () => {
  it('commands say so, and how to mend it', async () => {
    const nowhere = layout(mkdtempSync(join(tmpdir(), 'bn-')));
    prepareDataDir(nowhere);
    await expect(listClusters(ctx, nowhere.root)).rejects.toThrow(
      `there is no kubeconfig at ${nowhere.adminKubeconfig}; run "binnacle up" first`,
    );
    writeFileSync(nowhere.adminKubeconfig, server.kubeconfig().replace(server.url, 'https://127.0.0.1:1'));
    await expect(listClusters(ctx, nowhere.root)).rejects.toThrow(
      'the API server does not answer; start it with "binnacle up"',
    );
    rmSync(nowhere.root, { recursive: true });
  });
});
