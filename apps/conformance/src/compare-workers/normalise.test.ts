import { describe, expect, it } from 'vitest';
import { eventLines, Normaliser, sorted } from './normalise.js';

const replicaSet = (name: string, hash: string, revision: string) => ({
  kind: 'ReplicaSet',
  metadata: {
    name: `${name}-${hash}`,
    labels: { 'pod-template-hash': hash },
    annotations: { 'deployment.kubernetes.io/revision': revision },
  },
});
const normaliser = new Normaliser([replicaSet('web', '5d4f8c7b9', '1'), replicaSet('web', '7bd9f6c8d4', '2')]);

describe('text', () => {
  it.each([
    ['Created pod: web-5d4f8c7b9-x7k2p', 'Created pod: web-<revision 1>-*'],
    ['Scaled down replica set web-7bd9f6c8d4 from 2 to 1', 'Scaled down replica set web-<revision 2> from 2 to 1'],
    ['web-6c9f8d7b5-abcde', 'web-<hash>-abcde'],
    ['5d4f8c7b9', '<revision 1>'],
    ['work-0-x7k2p', 'work-0-*'],
    ['tick-29410020', 'tick-<minute>'],
    ['kube-api-access-zz4xw', 'kube-api-access-*'],
    ['10.244.3.7 of 127.0.0.11, not 192.0.2.7', '<address> of <address>, not 192.0.2.7'],
    ['Successfully assigned a/web to worker-2', 'Successfully assigned a/web to <node>'],
    ['since 2026-11-30T10:00:00Z or 2026-11-30T10:00:00.123456Z', 'since <time> or <time>'],
    ['3f0c7c0e-1111-4222-8333-abcdefabcdef', '<uid>'],
    [
      '0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
      '0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
    ],
    [
      '0/5 nodes are available: persistentvolumeclaim "a" not found. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.',
      '0/5 nodes are available: persistentvolumeclaim "a" not found.',
    ],
    [
      '0/5 nodes are available: 5 Insufficient cpu. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.',
      '0/5 nodes are available: 5 Insufficient cpu. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.',
    ],
    [
      'by app=a are controlled by multiple HPAs: [n/web n/again]',
      'by app=a are controlled by multiple HPAs: [n/again n/web]',
    ],
    [
      '1/3 nodes are available: 1 node(s) had untolerated taint(s)',
      '1/3 nodes are available: 1 node(s) had untolerated taint(s)',
    ],
  ])('%s', (text, normal) => {
    expect(normaliser.text(text)).toBe(normal);
  });
});

describe('objects', () => {
  it('lose what no two clusters have alike', () => {
    const pod = {
      kind: 'Pod',
      metadata: {
        name: 'web-5d4f8c7b9-x7k2p',
        uid: 'u',
        resourceVersion: '7',
        creationTimestamp: 't',
        managedFields: [],
      },
      status: {
        podIP: '10.244.0.7',
        containerStatuses: [{ containerID: 'sim://0123456789abcdef', restartCount: 2, ready: true }],
      },
    };
    expect(normaliser.object(pod)).toEqual({
      key: 'Pod web-<revision 1>-*',
      object: {
        kind: 'Pod',
        metadata: { name: 'web-<revision 1>-*' },
        status: {
          podIP: '<address>',
          containerStatuses: [{ containerID: '<container>', restartCount: '<restarts>', ready: true }],
        },
      },
    });
  });

  it('have ports in no order', () => {
    const slice = (...ports: number[]) =>
      normaliser.object({ kind: 'EndpointSlice', metadata: { name: 'a' }, ports: ports.map((port) => ({ port })) });
    expect(slice(1, 2)).toEqual(slice(2, 1));
    expect(slice(1, 2)).not.toEqual(slice(1, 3));
  });

  it('have conditions in no order', () => {
    const [one, other] = [
      ['A', 'B'],
      ['B', 'A'],
    ].map((types) =>
      normaliser.object({
        kind: 'Job',
        metadata: { name: 'a' },
        status: { conditions: types.map((type) => ({ type })) },
      }),
    );
    expect(one).toEqual(other);
  });

  it('of one key stand in an order that their names do not make', () => {
    const pods = ['web-zzzzz', 'web-ccccc'].map((name, at) =>
      normaliser.object({ kind: 'Pod', metadata: { name }, at }),
    );
    expect(sorted(pods)).toEqual(sorted([...pods].reverse()));
  });

  it('name revisions by their number, whoever kept them', () => {
    const revision = {
      kind: 'ControllerRevision',
      revision: 4,
      metadata: { name: 'db-77f8bdc56', labels: { 'controller-revision-hash': 'db-77f8bdc56' } },
    };
    expect(new Normaliser([revision]).object(revision).key).toBe('ControllerRevision db-<revision 4>');
  });
});

describe('Events', () => {
  const event = (message: string, component = 'replicaset-controller') => ({
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message,
    involvedObject: { kind: 'ReplicaSet', name: 'web-5d4f8c7b9' },
    source: { component },
  });

  it('are told once, and not of kubelets', () => {
    const events = [
      event('Created pod: web-5d4f8c7b9-x7k2p'),
      event('Created pod: web-5d4f8c7b9-bbbbb'),
      event('Pulled', 'kubelet'),
    ];
    expect(eventLines(events, normaliser)).toEqual([
      'ReplicaSet web-<revision 1>: Normal SuccessfulCreate: Created pod: web-<revision 1>-* (replicaset-controller)',
    ]);
  });

  it('of the newer kind say who reports them', () => {
    const scheduled = { ...event('x', ''), source: {}, reportingComponent: 'default-scheduler' };
    expect(eventLines([scheduled], normaliser)[0]).toContain('(default-scheduler)');
  });
});
