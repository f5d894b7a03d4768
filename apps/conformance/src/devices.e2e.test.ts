import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event, Pod, ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import type { KubeList } from '@binnacle/machinery-meta';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const kubectlPath = findKubectl();

const isReady = ({ status, metadata }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  Boolean(status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'));

const API = 'resource.k8s.io/v1';
const request = { name: 'gpu', exactly: { deviceClassName: 'gpu' } };
const gpuClass = {
  apiVersion: API,
  kind: 'DeviceClass',
  metadata: { name: 'gpu' },
  spec: {
    selectors: [
      { cel: { expression: "device.driver == 'simulated.binnacle.dev'" } },
      { cel: { expression: "device.attributes['simulated.binnacle.dev'].type == 'gpu'" } },
    ],
  },
};
const gpuTemplate = {
  apiVersion: API,
  kind: 'ResourceClaimTemplate',
  metadata: { name: 'gpu' },
  spec: { spec: { devices: { requests: [request] } } },
};
const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'train' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'train' } },
    template: {
      metadata: { labels: { app: 'train' } },
      spec: {
        resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'gpu' }],
        containers: [
          { name: 'main', image: 'busybox', command: ['sleep', 'infinity'], resources: { claims: [{ name: 'gpu' }] } },
        ],
      },
    },
  },
});

describe.runIf(kubectlPath)('devices by kubectl', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 47, web: false });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
    const added = cluster.binnacle('node', 'add', 'gpus', '--devices', 'gpu=2');
    expect(added.stderr).toBe('');
  });
  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  const apply = (object: object) => kubectl.try(['apply', '-f', '-'], JSON.stringify(object));
  const pods = () => kubectl.json<KubeList<Pod>>('get', 'pods', '-l', 'app=train').items;
  const ready = () => pods().filter(isReady);
  const waiting = () => pods().filter(({ spec, metadata }) => !spec?.nodeName && !metadata.deletionTimestamp);
  const claims = () => kubectl.json<KubeList<ResourceClaim>>('get', 'resourceclaims').items;
  const given = () =>
    claims().flatMap(({ status }) => (status?.allocation?.devices?.results ?? []).map(({ device }) => device));
  const nameOf = (pod: Pod | undefined) => pod?.metadata.name ?? '';
  const claimOf = (pod: Pod | undefined) => pod?.status?.resourceClaimStatuses?.[0]?.resourceClaimName ?? '';
  /** The file of the node says otherwise from now on. */
  function taint(...taints: object[]): void {
    const file = join(cluster.dataDir, 'nodes', 'gpus.json');
    const node = JSON.parse(readFileSync(file, 'utf8')) as { devices: object[] };
    writeFileSync(file, JSON.stringify({ ...node, devices: [{ ...node.devices[0], taints }] }));
  }

  test('a node tells of its devices', async () => {
    const slices = () => kubectl.json<KubeList<ResourceSlice>>('get', 'resourceslices').items;
    await eventually('there is a slice', () => slices().length === 1, 60);
    expect(slices()[0]?.spec).toMatchObject({
      driver: 'simulated.binnacle.dev',
      nodeName: 'gpus',
      pool: { name: 'gpus', resourceSliceCount: 1 },
      devices: [{ name: 'gpu-0' }, { name: 'gpu-1' }],
    });
    expect(kubectl.run('get', 'resourceslices')).toMatch(/gpus\s+simulated\.binnacle\.dev\s+gpus/);
  });

  test('Pods of a Deployment fill the devices, one waits, and has one when another leaves', async () => {
    for (const object of [gpuClass, gpuTemplate, deployment(3)]) expect(apply(object).stdout).toContain('created');
    await eventually('two Pods run', () => ready().length === 2 && waiting().length === 1, 120);
    expect(given().sort()).toEqual(['gpu-0', 'gpu-1']);
    const [left] = waiting();
    const name = nameOf(left);
    await eventually('it is told why', () =>
      kubectl.run('describe', 'pod', name).includes('cannot allocate all claims'),
    );
    const [first] = ready();
    const variables = kubectl.run('exec', nameOf(first), '--', 'env');
    expect(variables).toMatch(/^SIMULATED_DEVICE_GPU_[01]=gpus\/gpu-[01]$/m);
    const own = claimOf(first);
    expect(kubectl.run('describe', 'resourceclaim', own)).toContain('simulated.binnacle.dev');
    expect(kubectl.json<ResourceClaim>('get', 'resourceclaim', own).status?.devices?.[0]?.conditions).toMatchObject([
      { type: 'Ready', status: 'True' },
    ]);
    kubectl.run('scale', 'deployment/train', '--replicas=2');
    await eventually('two are left', () => pods().length === 2, 60);
    kubectl.run('delete', 'pod', nameOf(ready()[0]), '--grace-period=1');
    await eventually('another has its device', () => ready().length === 2 && given().length === 2, 90);
    expect(claims()).toHaveLength(2);
  });

  test('a device that is tainted drives off the Pod that has it, and is given to nobody', async () => {
    taint({ key: 'example.com/broken', effect: 'NoExecute', index: 0 });
    await eventually('one waits', () => ready().length === 1 && waiting().length === 1, 90);
    expect(given()).toEqual(['gpu-1']);
    const events = kubectl.json<KubeList<Event>>('get', 'events').items.map(({ reason }) => reason);
    expect(events).toContain('DeviceTaintManagerEviction');
    taint();
    await eventually('both run again', () => ready().length === 2, 120);
  });

  test('a quota counts devices by their class', async () => {
    const hard = { 'gpu.deviceclass.resource.k8s.io/devices': '2' };
    apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'gpus' }, spec: { hard } });
    const used = () => kubectl.json<ResourceQuota>('get', 'quota', 'gpus').status?.used ?? {};
    await eventually('they are counted', () => used()['gpu.deviceclass.resource.k8s.io/devices'] === '2', 60);
    expect(kubectl.run('describe', 'quota', 'gpus')).toMatch(/gpu\.deviceclass\.resource\.k8s\.io\/devices\s+2\s+2/);
    const metadata = { name: 'more' };
    const refused = apply({
      apiVersion: API,
      kind: 'ResourceClaim',
      metadata,
      spec: { devices: { requests: [request] } },
    });
    expect(refused.stderr).toContain('exceeded quota: gpus');
  });
});
