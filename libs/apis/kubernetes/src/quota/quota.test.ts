import { describe, expect, it } from 'vitest';
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../core/v1/index.js';
import { charged, evaluatorOf, kindCountedBy, type ResourceList, usageUnder } from './index.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
type Spec = NonNullable<Pod['spec']>;
const container = (name: string, requests?: object, limits?: object, more: object = {}) =>
  ({
    name,
    image: 'i',
    resources: { ...(requests && { requests }), ...(limits && { limits }) },
    ...more,
  }) as Spec['containers'][number];
const pod = (spec: Partial<Spec>, more: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { containers: [container('c')], ...spec },
  ...more,
});
const evaluator = (plural: string, group = '') => {
  const found = evaluatorOf({ group, plural });
  if (!found) throw new Error(`${plural} are not counted`);
  return found;
};
const usage = (plural: string, object: object) => evaluator(plural).usage(object, NOW);

describe('a Pod uses', () => {
  it.each<[string, Partial<Spec>, object]>([
    ['itself', {}, { pods: '1', 'count/pods': '1' }],
    [
      'what its containers ask for together',
      { containers: [container('a', { cpu: '100m', memory: '1Gi' }, { cpu: '1' }), container('b', { cpu: '200m' })] },
      { cpu: '300m', 'requests.cpu': '300m', memory: '1Gi', 'requests.memory': '1Gi', 'limits.cpu': '1' },
    ],
    [
      'what its greatest init container asks for',
      { containers: [container('a', { cpu: '100m' })], initContainers: [container('i', { cpu: '1' })] },
      { 'requests.cpu': '1' },
    ],
    [
      'its sidecars beside its containers',
      {
        containers: [container('a', { cpu: '100m' })],
        initContainers: [container('s', { cpu: '50m' }, undefined, { restartPolicy: 'Always' })],
      },
      { 'requests.cpu': '150m' },
    ],
    [
      'what is said of the whole',
      { containers: [container('a', { cpu: '100m' })], resources: { requests: { cpu: '2' }, limits: { cpu: '3' } } },
      { 'requests.cpu': '2', 'limits.cpu': '3' },
    ],
    [
      'what it costs to run it',
      { containers: [container('a', { cpu: '1' })], overhead: { cpu: '250m' } },
      { cpu: '1250m' },
    ],
    [
      'devices by request only',
      { containers: [container('a', { 'example.com/gpu': '2' }, { 'example.com/gpu': '2' })] },
      { 'requests.example.com/gpu': '2' },
    ],
    [
      'huge pages by both names',
      { containers: [container('a', { 'hugepages-2Mi': '4Mi' })] },
      { 'hugepages-2Mi': '4Mi', 'requests.hugepages-2Mi': '4Mi' },
    ],
  ])('%s', (_, spec, expected) => {
    expect(usage('pods', pod(spec))).toMatchObject(expected);
  });

  it('only its place in the list once it has ended, or should have', () => {
    const ended = pod({}, { status: { phase: 'Succeeded' } });
    const metadata = { name: 'p', deletionTimestamp: '2025-12-31T23:59:00Z', deletionGracePeriodSeconds: 30 };
    expect([usage('pods', ended), usage('pods', pod({}, { metadata }))]).toEqual([
      { 'count/pods': '1' },
      { 'count/pods': '1' },
    ]);
    const leaving = pod({}, { metadata: { ...metadata, deletionGracePeriodSeconds: 600 } });
    expect(usage('pods', leaving)).toMatchObject({ pods: '1' });
  });

  it('what it still has of before it was resized', () => {
    const status = {
      containerStatuses: [
        { name: 'a', image: '', imageID: '', ready: true, restartCount: 0, allocatedResources: { cpu: '2' } },
      ],
    };
    expect(usage('pods', pod({ containers: [container('a', { cpu: '1' })] }, { status }))).toMatchObject({ cpu: '2' });
  });
});

describe('a Service uses', () => {
  const service = (spec: object) =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec }) as unknown as Service;
  const ports = [{ port: 1 }, { port: 2, nodePort: 30_000 }];
  it.each([
    ['no port of nodes', { type: 'ClusterIP', ports }, '0', '0'],
    ['one for each port', { type: 'NodePort', ports }, '2', '0'],
    ['those of a load balancer too', { type: 'LoadBalancer', ports }, '2', '1'],
    ['only those it was given', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports }, '1', '1'],
  ])('%s', (_, spec, nodePorts, balancers) => {
    expect(usage('services', service(spec))).toEqual({
      services: '1',
      'count/services': '1',
      'services.nodeports': nodePorts,
      'services.loadbalancers': balancers,
    });
  });
});

describe('a claim uses', () => {
  const claim = (spec: object, more: object = {}) =>
    ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c' },
      spec,
      ...more,
    }) as PersistentVolumeClaim;
  const resources = { requests: { storage: '1Gi' } };
  it('storage, also of its class', () => {
    expect(usage('persistentvolumeclaims', claim({ resources, storageClassName: 'gold' }))).toEqual({
      persistentvolumeclaims: '1',
      'count/persistentvolumeclaims': '1',
      'requests.storage': '1Gi',
      'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      'gold.storageclass.storage.k8s.io/requests.storage': '1Gi',
    });
  });

  it('what it was given where that is more, and whole bytes', () => {
    const grown = claim({ resources }, { status: { allocatedResources: { storage: '2Gi' } } });
    const odd = claim({ resources: { requests: { storage: '1500m' } } });
    const storage = (each: object) => usage('persistentvolumeclaims', each)['requests.storage'];
    expect([storage(grown), storage(odd)]).toEqual(['2Gi', '2']);
  });
});

describe('kinds', () => {
  it.each([
    ['pods', '/pods'],
    ['limits.cpu', '/pods'],
    ['requests.example.com/gpu', '/pods'],
    ['hugepages-2Mi', '/pods'],
    ['services.nodeports', '/services'],
    ['requests.storage', '/persistentvolumeclaims'],
    ['gold.storageclass.storage.k8s.io/requests.storage', '/persistentvolumeclaims'],
    ['gpu.deviceclass.resource.k8s.io/devices', 'resource.k8s.io/resourceclaims'],
    ['count/resourceclaims.resource.k8s.io', 'resource.k8s.io/resourceclaims'],
    ['secrets', '/secrets'],
    ['count/secrets', '/secrets'],
    ['count/deployments.apps', 'apps/deployments'],
    ['count/widgets.my.example.com', 'my.example.com/widgets'],
  ])('%s is of %s', (name, key) => {
    const kind = kindCountedBy(name);
    expect(kind && `${kind.group}/${kind.plural}`).toBe(key);
    expect(kind && evaluatorOf(kind)?.counts(name)).toBe(true);
  });

  it('that nobody counts', () => {
    expect(kindCountedBy('odd')).toBeUndefined();
    expect(evaluatorOf({ group: '', plural: 'events' })).toBeUndefined();
  });
});

const quota = (
  hard: ResourceList,
  used: ResourceList,
  spec: Partial<NonNullable<ResourceQuota['spec']>> = {},
): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'default' },
  spec: { hard: { ...hard }, ...spec },
  status: { hard: { ...hard }, used: { ...used } },
});
const charge = (object: Pod, more: object = {}) => ({
  evaluator: evaluator('pods'),
  request: { operation: 'CREATE', subresource: '', object, ...more },
  now: NOW,
});

describe('a write is counted', () => {
  it('where there is room for it, and not where there is none', () => {
    const bounds = { pods: '2', 'requests.cpu': '1' };
    const asks = (cpu: string) => charge(pod({ containers: [container('c', { cpu })] }));
    const first = charged(quota(bounds, { pods: '0', 'requests.cpu': '0' }), asks('600m'));
    expect(first.status?.used).toEqual({ pods: '1', 'requests.cpu': '600m' });
    expect(() => charged(first, asks('500m'))).toThrow(
      'exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1',
    );
    expect(() => charged(charged(first, asks('400m')), asks('1m'))).toThrow(
      'exceeded quota: q, requested: pods=1,requests.cpu=1m, used: pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1',
    );
  });

  it('not at all where the quota is about other things', () => {
    const other = quota({ services: '0' }, { services: '0' });
    expect(charged(other, charge(pod({})))).toBe(other);
    const unlooked = { ...quota({ pods: '0' }, {}), status: {} };
    expect(charged(unlooked, charge(pod({})))).toBe(unlooked);
  });

  it('only where it says all that the quota bounds', () => {
    const bounds = { 'limits.cpu': '1', memory: '1Gi' };
    const two = pod({ containers: [container('b', { memory: '1' }), container('a')] });
    expect(() => charged(quota(bounds, { 'limits.cpu': '0', memory: '0' }), charge(two))).toThrow(
      'failed quota: q: must specify limits.cpu for: a,b; memory for: a',
    );
  });

  it('only where it is known what is used', () => {
    expect(() => charged(quota({ pods: '1' }, {}), charge(pod({})))).toThrow(
      'status unknown for quota: q, resources: pods',
    );
  });

  it('by how much more it uses than before', () => {
    const cpu = (amount: string) => pod({ containers: [container('c', { cpu: amount })] });
    const bounds = quota({ 'requests.cpu': '3' }, { 'requests.cpu': '2' });
    const resize = (to: string) => charge(cpu(to), { operation: 'UPDATE', subresource: 'resize', old: cpu('2') });
    expect(charged(bounds, resize('3')).status?.used).toEqual({ 'requests.cpu': '3' });
    expect(charged(bounds, resize('1'))).toBe(bounds);
    expect(() => charged(bounds, resize('4'))).toThrow('exceeded quota');
  });
});

describe('a scope', () => {
  const high = pod({ priorityClassName: 'high' });
  const deadline = pod({ activeDeadlineSeconds: 10 });
  const asking = pod({ containers: [container('c', { cpu: '1' })] });
  const term = { topologyKey: 'k', namespaces: ['other'] };
  const reaching = pod({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
  const all = [pod({}), high, deadline, asking, reaching];
  const select = (operator: string, ...values: string[]) => ({
    scopeSelector: {
      matchExpressions: [{ scopeName: 'PriorityClass', operator, ...(values.length > 0 && { values }) }],
    },
  });
  it.each<[string, object, number]>([
    ['Terminating', { scopes: ['Terminating'] }, 1],
    ['NotTerminating', { scopes: ['NotTerminating'] }, 4],
    ['BestEffort', { scopes: ['BestEffort'] }, 4],
    ['NotBestEffort', { scopes: ['NotBestEffort'] }, 1],
    ['CrossNamespacePodAffinity', { scopes: ['CrossNamespacePodAffinity'] }, 1],
    ['both', { scopes: ['NotTerminating', 'BestEffort'] }, 3],
    ['a class', select('In', 'high'), 1],
    ['another class', select('In', 'low'), 0],
    ['not that class', select('NotIn', 'high'), 4],
    ['any class', select('Exists'), 1],
    ['no class', select('DoesNotExist'), 4],
  ])('%s', (_, spec, count) => {
    const counted = [{ evaluator: evaluator('pods'), objects: all }];
    expect(usageUnder(quota({ pods: '9' }, {}, spec), counted, NOW)).toEqual({ pods: String(count) });
  });
});

it('nothing used is nothing, of every name that is bounded', () => {
  const counted = [{ evaluator: evaluator('pods'), objects: [] }];
  expect(usageUnder(quota({ pods: '9', 'limits.cpu': '1', secrets: '1' }, {}), counted, NOW)).toEqual({
    pods: '0',
    'limits.cpu': '0',
  });
});
