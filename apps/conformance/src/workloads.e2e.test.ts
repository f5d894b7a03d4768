import type { DaemonSet, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { KubeList } from '@binnacle/machinery-meta';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const kubectlPath = findKubectl();

const isReady = ({ status, metadata }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  Boolean(status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'));

const template = (app: string, image: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image }] },
});

describe.runIf(kubectlPath)('workloads by kubectl', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 41, web: false });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
  });
  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  const apply = (object: object) => kubectl.try(['apply', '-f', '-'], JSON.stringify(object));
  const podsOf = (app: string) => kubectl.json<KubeList<Pod>>('get', 'pods', '-l', `app=${app}`).items;
  const imagesOf = (app: string) => podsOf(app).map(({ spec }) => spec?.containers[0]?.image);
  const status = (what: string) => kubectl.run('rollout', 'status', what, '--timeout=180s');

  test('a StatefulSet comes up in order, is rolled, and is taken back', async () => {
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: {
        serviceName: 'db',
        replicas: 3,
        selector: { matchLabels: { app: 'db' } },
        template: template('db', 'binnacle.dev/myapp:1.0'),
      },
    };
    expect(apply(set).stdout).toContain('statefulset.apps/db created');
    expect(status('statefulset/db')).toContain('partitioned roll out complete: 3 new pods have been updated...');
    expect(podsOf('db').map(({ metadata }) => metadata.name)).toEqual(['db-0', 'db-1', 'db-2']);
    kubectl.run('set', 'image', 'statefulset/db', 'main=binnacle.dev/myapp:2.0');
    status('statefulset/db');
    expect(imagesOf('db')).toEqual(['binnacle.dev/myapp:2.0', 'binnacle.dev/myapp:2.0', 'binnacle.dev/myapp:2.0']);
    expect(kubectl.run('rollout', 'history', 'statefulset/db')).toMatch(/^2\s/m);
    expect(kubectl.run('rollout', 'history', 'statefulset/db', '--revision=1')).toContain('binnacle.dev/myapp:1.0');
    expect(kubectl.run('rollout', 'undo', 'statefulset/db')).toContain('rolled back');
    status('statefulset/db');
    expect(imagesOf('db')).toEqual(['binnacle.dev/myapp:1.0', 'binnacle.dev/myapp:1.0', 'binnacle.dev/myapp:1.0']);
    kubectl.run('scale', 'statefulset/db', '--replicas=1');
    await eventually('one is left', () => podsOf('db').length === 1, 90);
    expect(kubectl.json<StatefulSet>('get', 'statefulset', 'db').status).toMatchObject({ currentReplicas: 1 });
    kubectl.run('delete', 'statefulset', 'db', '--wait=true');
    await eventually('its Pods are gone', () => podsOf('db').length === 0, 90);
  });

  test('a StatefulSet with claims keeps what it wrote when its Pods are made anew', async () => {
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const pod = template('store', 'binnacle.dev/myapp:1.0');
    const volumeMounts = [{ name: 'data', mountPath: '/data' }];
    const containers = pod.spec.containers.map((container) => ({ ...container, volumeMounts }));
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'store' },
      spec: {
        serviceName: 'store',
        replicas: 2,
        selector: { matchLabels: { app: 'store' } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
        template: { ...pod, spec: { ...pod.spec, containers } },
        volumeClaimTemplates: [claim],
      },
    };
    expect(kubectl.run('get', 'storageclass')).toMatch(/^standard \(default\)\s+hostpath\.binnacle\.dev/m);
    expect(apply(set).stdout).toContain('statefulset.apps/store created');
    status('statefulset/store');
    const claims = () => kubectl.json<KubeList<PersistentVolumeClaim>>('get', 'pvc').items;
    expect(claims().map(({ metadata, status: { phase } = {} }) => [metadata.name, phase])).toEqual([
      ['data-store-0', 'Bound'],
      ['data-store-1', 'Bound'],
    ]);
    const node = podsOf('store')[1]?.spec?.nodeName;
    for (const name of ['store-0', 'store-1']) {
      kubectl.run('exec', name, '--', 'sh', '-c', `echo ${name} > /data/written`);
    }
    kubectl.run('delete', 'pod', '-l', 'app=store', '--wait=true');
    await eventually('both are there again', () => podsOf('store').filter(isReady).length === 2, 90);
    for (const name of ['store-0', 'store-1']) {
      expect(kubectl.run('exec', name, '--', 'cat', '/data/written').trim()).toBe(name);
    }
    expect(podsOf('store')[1]?.spec?.nodeName).toBe(node);
    kubectl.run('delete', 'statefulset', 'store', '--wait=true');
    await eventually('its claims go with it', () => claims().length === 0, 90);
    await eventually('and their volumes', () => kubectl.run('get', 'pv').trim() === '', 90);
  });

  test('a DaemonSet runs on every worker, is rolled, and is taken back', async () => {
    const set = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent', 'binnacle.dev/myapp:1.0') },
    };
    expect(apply(set).stdout).toContain('daemonset.apps/agent created');
    expect(status('daemonset/agent')).toContain('successfully rolled out');
    const workers = kubectl
      .json<KubeList<Node>>('get', 'nodes')
      .items.filter(({ spec }) => !spec?.taints?.length)
      .map(({ metadata }) => metadata.name);
    expect(
      podsOf('agent')
        .map(({ spec }) => spec?.nodeName)
        .sort(),
    ).toEqual(workers.sort());
    kubectl.run('set', 'image', 'daemonset/agent', 'main=binnacle.dev/myapp:2.0');
    status('daemonset/agent');
    expect(new Set(imagesOf('agent'))).toEqual(new Set(['binnacle.dev/myapp:2.0']));
    expect(kubectl.run('rollout', 'history', 'daemonset/agent')).toMatch(/^2\s/m);
    expect(kubectl.run('rollout', 'undo', 'daemonset/agent')).toContain('rolled back');
    status('daemonset/agent');
    expect(new Set(imagesOf('agent'))).toEqual(new Set(['binnacle.dev/myapp:1.0']));
    expect(kubectl.json<DaemonSet>('get', 'daemonset', 'agent').status).toMatchObject({
      numberReady: workers.length,
      updatedNumberScheduled: workers.length,
    });
    kubectl.run('delete', 'daemonset', 'agent', '--wait=true');
    await eventually('its Pods are gone', () => podsOf('agent').length === 0, 90);
  });
});
