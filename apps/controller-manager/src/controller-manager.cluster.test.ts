import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type {
  ConfigMap,
  Endpoints,
  Namespace,
  Node,
  Pod,
  ReplicationController,
  Secret,
  Service,
  ServiceAccount,
} from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { legacyTokenSigner } from '@binnacle/control-cluster';
import { createKubeClient, type KubeClient, type ResourceRef } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { ignoreNotFound, type KubeObject } from '@binnacle/machinery-meta';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ControllerManager } from './controller-manager.js';
import { runTestKubelet } from './testing/test-kubelet.js';

let server: TestApiServer;
let client: KubeClient;
let managed: Promise<void>;
const abort = new AbortController();
const ctx: Context = { signal: abort.signal, clock: systemClock, logger: silentLogger };
const NODE = 'node-1';

beforeAll(async () => {
  server = await startTestApiServer();
  await server.client
    .resource<Node>(refs.nodes)
    .create(ctx, { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } });
  client = createKubeClient(await server.configFor('system:kube-controller-manager'));
  const manager = new ControllerManager({
    client,
    settings: {
      clusterCidr: '10.213.0.0/16',
      ca: 'CA',
      nodeMonitorGrace: 600_000,
      terminatedPodThreshold: 100,
      signTokens: (cluster) => legacyTokenSigner(server.serviceAccountKey, cluster),
    },
  });
  managed = manager.run(ctx);
  runTestKubelet(ctx, server.client, { node: NODE, broken: ['broken'] });
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await managed;
  await Promise.all([client, server.client].map((one) => one.close()));
  await server.close();
});

const resource = <T extends KubeObject>(ref: ResourceRef) => server.client.resource<T>(ref);
const list = async <T extends KubeObject>(ref: ResourceRef, namespace: string) =>
  (await resource<T>(ref).list(ctx, { namespace })).items;
const eventually = (probe: () => Promise<unknown>, timeout = 40_000) => expect.poll(probe, { interval: 25, timeout });

async function namespace(name: string): Promise<string> {
  await resource<Namespace>(refs.namespaces).create(ctx, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

function deployment(name: string, ns: string, replicas: number, image = 'nginx:1'): Deployment {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: ns },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'c', image, ports: [{ name: 'web', containerPort: 80 }] }] },
      },
    },
  };
}

const deployments = () => resource<Deployment>(refs.deployments);
/** The status, once it speaks of the spec as it is now. */
const statusOf = async (ns: string, name: string) => {
  const { metadata, status } = await deployments().get(ctx, { namespace: ns, name });
  return status?.observedGeneration === metadata.generation ? status : undefined;
};
const setImage = (ns: string, name: string, image: string) =>
  deployments().patch(ctx, { namespace: ns, name }, 'strategic', {
    spec: { template: { spec: { containers: [{ name: 'c', image }] } } },
  });

describe('a Secret that asks for a token', () => {
  const secrets = () => resource<Secret>(refs.secrets);
  const accounts = () => resource<ServiceAccount>(refs.serviceaccounts);
  const account = (ns: string) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: ns },
  });
  const asking = (ns: string, name: string, owner = 'robot', more: Record<string, string> = {}) =>
    secrets().create(ctx, {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name, namespace: ns, annotations: { 'kubernetes.io/service-account.name': owner, ...more } },
    });
  const at = async (ns: string, name: string) => ignoreNotFound(secrets().get(ctx, { namespace: ns, name }));
  const keys = async (ns: string, name: string) => Object.keys((await at(ns, name))?.data ?? {}).sort();
  const isGone = async (ns: string, name: string) => (await at(ns, name)) === undefined;
  const whoIs = async (token: string) => {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
    const path = '/apis/authentication.k8s.io/v1/tokenreviews';
    return (await server.raw.call(path, { method: 'POST', body: review })).json.status;
  };

  test('gets one that is believed while the Secret holds it', async () => {
    const ns = await namespace('tokens');
    await accounts().create(ctx, account(ns));
    await asking(ns, 'robot-token');
    await eventually(() => keys(ns, 'robot-token')).toEqual(['ca.crt', 'namespace', 'token']);
    const token = Buffer.from((await at(ns, 'robot-token'))?.data?.token ?? '', 'base64').toString();
    expect(await whoIs(token)).toMatchObject({
      authenticated: true,
      user: {
        username: 'system:serviceaccount:tokens:robot',
        groups: expect.arrayContaining(['system:serviceaccounts']),
      },
    });
    await secrets().delete(ctx, { namespace: ns, name: 'robot-token' });
    expect((await whoIs(token)).authenticated).not.toBe(true);
  });

  test('is marked with the day it was shown, and not believed once it is marked as unused', async () => {
    const ns = await namespace('shown-tokens');
    const place = { namespace: ns, name: 'robot-token' };
    await accounts().create(ctx, account(ns));
    await asking(ns, 'robot-token');
    await eventually(() => keys(ns, 'robot-token')).toContain('token');
    const token = Buffer.from((await at(ns, 'robot-token'))?.data?.token ?? '', 'base64').toString();
    expect((await whoIs(token)).authenticated).toBe(true);
    const used = async () => (await at(ns, 'robot-token'))?.metadata.labels?.['kubernetes.io/legacy-token-last-used'];
    await eventually(used).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const mark = (since: string | null) =>
      secrets().patch(ctx, place, 'merge', {
        metadata: { labels: { 'kubernetes.io/legacy-token-invalid-since': since } },
      });
    await mark('2026-01-01');
    expect((await whoIs(token)).authenticated).not.toBe(true);
    await mark(null);
    expect((await whoIs(token)).authenticated).toBe(true);
  });

  test('goes where its account is not there, is another of the name, or goes', async () => {
    const ns = await namespace('stray-tokens');
    await accounts().create(ctx, account(ns));
    await asking(ns, 'nobodys', 'nobody');
    await asking(ns, 'anothers', 'robot', { 'kubernetes.io/service-account.uid': 'another' });
    await asking(ns, 'robots');
    await eventually(() => isGone(ns, 'nobodys')).toBe(true);
    await eventually(() => isGone(ns, 'anothers')).toBe(true);
    await eventually(() => keys(ns, 'robots')).toContain('token');
    await accounts().delete(ctx, { namespace: ns, name: 'robot' });
    await eventually(() => isGone(ns, 'robots')).toBe(true);
  });
});

describe('a Deployment', () => {
  test('makes its Pods, scales, rolls out, rolls back and remembers its revisions', async () => {
    const ns = await namespace('deploy');
    await deployments().create(ctx, deployment('web', ns, 3));
    await eventually(() => statusOf(ns, 'web')).toMatchObject({
      readyReplicas: 3,
      updatedReplicas: 3,
    });
    await deployments().patch(ctx, { namespace: ns, name: 'web' }, 'merge', { spec: { replicas: 5 } });
    await eventually(() => statusOf(ns, 'web')).toMatchObject({ availableReplicas: 5 });
    await setImage(ns, 'web', 'nginx:2');
    await eventually(() => statusOf(ns, 'web')).toMatchObject({
      updatedReplicas: 5,
      replicas: 5,
      availableReplicas: 5,
    });
    const sets = await list<ReplicaSet>(refs.replicasets, ns);
    const summary = sets.map(
      ({ spec, metadata }) => `${metadata.annotations?.['deployment.kubernetes.io/revision']}:${spec?.replicas}`,
    );
    expect(summary.sort()).toEqual(['1:0', '2:5']);
    await setImage(ns, 'web', 'nginx:1');
    await eventually(() => statusOf(ns, 'web')).toMatchObject({ updatedReplicas: 5, replicas: 5 });
    const { metadata } = await deployments().get(ctx, { namespace: ns, name: 'web' });
    expect(metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    expect(await list<ReplicaSet>(refs.replicasets, ns)).toHaveLength(2);
  });

  test('does not take down what works for what does not, and says that it hangs', async () => {
    const ns = await namespace('hang');
    const spec = deployment('web', ns, 4).spec;
    if (!spec) throw new Error('it has one');
    await deployments().create(ctx, { ...deployment('web', ns, 4), spec: { ...spec, progressDeadlineSeconds: 2 } });
    await eventually(() => statusOf(ns, 'web')).toMatchObject({ availableReplicas: 4 });
    await setImage(ns, 'web', 'broken');
    await eventually(async () =>
      (await statusOf(ns, 'web'))?.conditions?.find(({ type }) => type === 'Progressing'),
    ).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect(await statusOf(ns, 'web')).toMatchObject({ availableReplicas: 3, updatedReplicas: 2 });
  });

  test('replaces a Pod that was deleted and lets one go whose labels changed', async () => {
    const ns = await namespace('replace');
    await deployments().create(ctx, deployment('web', ns, 2));
    await eventually(() => statusOf(ns, 'web')).toMatchObject({ readyReplicas: 2 });
    const [first, second] = await list<Pod>(refs.pods, ns);
    const pods = resource<Pod>(refs.pods);
    await pods.delete(ctx, { namespace: ns, name: first?.metadata.name ?? '' });
    await pods.patch(ctx, { namespace: ns, name: second?.metadata.name ?? '' }, 'merge', {
      metadata: { labels: { app: 'loose' } },
    });
    await eventually(async () =>
      (await list<Pod>(refs.pods, ns)).map(({ metadata }) => metadata.labels?.app).sort(),
    ).toEqual(['loose', 'web', 'web']);
    const loose = await pods.get(ctx, { namespace: ns, name: second?.metadata.name ?? '' });
    expect(loose.metadata.ownerReferences ?? []).toEqual([]);
  });

  test('recreates: nothing new runs before all old Pods are gone', async () => {
    const ns = await namespace('recreate');
    const { spec, ...rest } = deployment('web', ns, 2);
    if (!spec) throw new Error('it has one');
    await deployments().create(ctx, { ...rest, spec: { ...spec, strategy: { type: 'Recreate' } } });
    await eventually(() => statusOf(ns, 'web')).toMatchObject({ readyReplicas: 2 });
    const images = new Set<string>();
    const watching = new AbortController();
    const watch = async () => {
      const query = {
        namespace: ns,
        resourceVersion: (await resource<Pod>(refs.pods).list(ctx)).metadata.resourceVersion,
      };
      const running = new Map<string, string>();
      for await (const { type, object } of resource<Pod>(refs.pods).watch({ ...ctx, signal: watching.signal }, query)) {
        const key = object.metadata.name ?? '';
        if (type === 'DELETED') running.delete(key);
        else running.set(key, object.spec?.containers[0]?.image ?? '');
        images.add([...new Set(running.values())].sort().join('+'));
      }
    };
    const watched = watch().catch(() => undefined);
    await setImage(ns, 'web', 'nginx:2');
    await eventually(() => statusOf(ns, 'web')).toMatchObject({ updatedReplicas: 2, availableReplicas: 2 });
    watching.abort(new Error('seen enough'));
    await watched;
    expect([...images].filter((seen) => seen.includes('+'))).toEqual([]);
  });

  test('takes everything it owns with it, waiting for it in the foreground', async () => {
    const ns = await namespace('gc');
    await deployments().create(ctx, deployment('back', ns, 2));
    await deployments().create(ctx, deployment('fore', ns, 2));
    await deployments().create(ctx, deployment('orphan', ns, 1));
    for (const name of ['back', 'fore', 'orphan'])
      await eventually(() => statusOf(ns, name)).toMatchObject({
        readyReplicas: name === 'orphan' ? 1 : 2,
      });
    await deployments().delete(ctx, { namespace: ns, name: 'back' }, { propagationPolicy: 'Background' });
    await deployments().delete(ctx, { namespace: ns, name: 'fore' }, { propagationPolicy: 'Foreground' });
    await deployments().delete(ctx, { namespace: ns, name: 'orphan' }, { propagationPolicy: 'Orphan' });
    await eventually(async () => (await list<Pod>(refs.pods, ns)).map(({ metadata }) => metadata.labels?.app)).toEqual([
      'orphan',
    ]);
    await eventually(async () => (await list<Deployment>(refs.deployments, ns)).length).toBe(0);
    const sets = await list<ReplicaSet>(refs.replicasets, ns);
    expect(sets.map(({ metadata }) => [metadata.labels?.app, metadata.ownerReferences ?? []])).toEqual([
      ['orphan', []],
    ]);
  });
});

test('a ReplicationController keeps its replicas', async () => {
  const ns = await namespace('rc');
  const controllers = resource<ReplicationController>(refs.replicationcontrollers);
  const labels = { app: 'old' };
  await controllers.create(ctx, {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'old', namespace: ns },
    spec: {
      replicas: 2,
      selector: labels,
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  });
  const ready = async () => (await controllers.get(ctx, { namespace: ns, name: 'old' })).status?.readyReplicas;
  await eventually(ready).toBe(2);
  await controllers.patch(ctx, { namespace: ns, name: 'old' }, 'merge', { spec: { replicas: 1 } });
  await eventually(async () => (await list<Pod>(refs.pods, ns)).length).toBe(1);
});

test('a Service has slices and Endpoints of the Pods that are ready', async () => {
  const ns = await namespace('service');
  await resource<Service>(refs.services).create(ctx, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: ns },
    spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 'web' }] },
  });
  const slices = () => list<EndpointSlice>(refs.endpointslices, ns);
  await eventually(async () => (await slices()).map(({ endpoints }) => endpoints?.length ?? 0)).toEqual([0]);
  await deployments().create(ctx, deployment('web', ns, 3));
  await eventually(async () => {
    const [slice] = await slices();
    return [slice?.ports?.[0]?.port, slice?.endpoints?.filter(({ conditions }) => conditions?.ready).length];
  }).toEqual([80, 3]);
  const addresses = async () => {
    const endpoints = await resource<Endpoints>(refs.endpoints).get(ctx, { namespace: ns, name: 'web' });
    return endpoints.subsets?.[0]?.addresses?.length;
  };
  await eventually(addresses).toBe(3);
  await resource<Service>(refs.services).delete(ctx, { namespace: ns, name: 'web' });
  await eventually(async () => (await slices()).length).toBe(0);
});

test('Endpoints kept by hand are mirrored to slices, and the slices go with them', async () => {
  const ns = await namespace('by-hand');
  const name = { namespace: ns, name: 'db' };
  await resource<Service>(refs.services).create(ctx, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: name,
    spec: { ports: [{ port: 5432 }] },
  });
  const endpoints = resource<Endpoints>(refs.endpoints);
  const subset = (...ips: string[]) => [{ addresses: ips.map((ip) => ({ ip })), ports: [{ port: 5432 }] }];
  await endpoints.create(ctx, { apiVersion: 'v1', kind: 'Endpoints', metadata: name, subsets: subset('10.9.0.1') });
  const addresses = async () =>
    (await list<EndpointSlice>(refs.endpointslices, ns)).map((slice) =>
      slice.endpoints?.flatMap((endpoint) => endpoint.addresses),
    );
  await eventually(addresses).toEqual([['10.9.0.1']]);
  await endpoints.patch(ctx, name, 'merge', { subsets: subset('10.9.0.1', '10.9.0.2') });
  await eventually(addresses).toEqual([['10.9.0.1', '10.9.0.2']]);
  await endpoints.delete(ctx, name);
  await eventually(addresses).toEqual([]);
});

test('a namespace has its ServiceAccount and CA, and goes with everything in it', async () => {
  const ns = await namespace('full');
  const account = () =>
    ignoreNotFound(resource<ServiceAccount>(refs.serviceaccounts).get(ctx, { namespace: ns, name: 'default' }));
  const ca = () =>
    ignoreNotFound(resource<ConfigMap>(refs.configmaps).get(ctx, { namespace: ns, name: 'kube-root-ca.crt' }));
  await eventually(account).toBeDefined();
  await eventually(async () => (await ca())?.data).toEqual({ 'ca.crt': 'CA' });
  await resource<ConfigMap>(refs.configmaps).delete(ctx, { namespace: ns, name: 'kube-root-ca.crt' });
  await eventually(ca).toBeDefined();
  await deployments().create(ctx, deployment('web', ns, 2));
  await eventually(() => statusOf(ns, 'web')).toMatchObject({ readyReplicas: 2 });
  await resource<Namespace>(refs.namespaces).delete(ctx, { name: ns });
  await eventually(() => ignoreNotFound(resource<Namespace>(refs.namespaces).get(ctx, { name: ns }))).toBeUndefined();
});

test('a node is given a block of addresses', async () => {
  await eventually(async () => (await resource<Node>(refs.nodes).get(ctx, { name: NODE })).spec?.podCIDR).toBe(
    '10.213.0.0/24',
  );
});

test('a budget counts what may be disrupted', async () => {
  const ns = await namespace('budget');
  await deployments().create(ctx, deployment('web', ns, 3));
  await resource<PodDisruptionBudget>(refs.poddisruptionbudgets).create(ctx, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: ns },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
  });
  const budget = () =>
    resource<PodDisruptionBudget>(refs.poddisruptionbudgets).get(ctx, { namespace: ns, name: 'web' });
  await eventually(async () => (await budget()).status).toMatchObject({
    expectedPods: 3,
    currentHealthy: 3,
    desiredHealthy: 2,
    disruptionsAllowed: 1,
  });
});
