import type { UnstructuredObject } from '@binnacle/web-data';
import type { Tone } from '@binnacle/web-ui';
import { describe, expect, test } from 'vitest';
import { attention, type Trouble } from './attention.js';
import { ownerOf } from './owner-of.js';

const make = (
  kind: string,
  name: string,
  fields: Partial<UnstructuredObject> = {},
  namespace = '',
): UnstructuredObject => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  ...fields,
  metadata: { name, uid: `${kind}/${namespace}/${name}`, ...(namespace && { namespace }), ...fields.metadata },
});
const node = (name: string, ready = 'Unknown') =>
  make('Node', name, { status: { conditions: [{ type: 'Ready', status: ready }] } });
const pod = (deployment: string, suffix: string, nodeName: string, namespace = 'default') =>
  make(
    'Pod',
    `${deployment}-abc-${suffix}`,
    {
      spec: { nodeName },
      metadata: {
        labels: { 'pod-template-hash': 'abc' },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-abc`, uid: 'u', controller: true },
        ],
      },
    },
    namespace,
  );
const ids: Record<string, string> = { Node: 'nodes', Pod: 'pods', Deployment: 'deployments.apps', Service: 'services' };
const trouble = (object: UnstructuredObject, tone: Tone, label: string): Trouble => ({
  id: ids[object.kind] ?? '',
  object,
  status: { tone, label },
});
const told = (troubles: Trouble[]) =>
  attention(troubles).map(({ subject, status, members }) => [
    `${subject.kind}/${subject.name}`,
    status.label,
    members.length,
  ]);

describe('attention', () => {
  test('one dead node is one line, however many Pods it took along', () => {
    const pods = Array.from({ length: 87 }, (_, at) =>
      trouble(pod(`app-${at % 12}`, `p${at}`, 'worker-2', `ns-${at % 4}`), 'warn', 'Running,NodeLost'),
    );
    const [line, ...others] = attention([...pods, trouble(node('worker-2'), 'error', 'NotReady')]);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ subject: { kind: 'Node', name: 'worker-2' }, pods: 87, namespaces: 4 });
    expect(line?.owners).toHaveLength(12);
    expect(line?.status.label).toBe('NotReady');
  });

  test('Pods of one owner that fail alike are one line; another cause is another line', () => {
    const troubles = [
      trouble(pod('web', 'a', 'n'), 'error', 'CrashLoopBackOff'),
      trouble(pod('web', 'b', 'n'), 'error', 'CrashLoopBackOff'),
      trouble(pod('web', 'c', ''), 'warn', 'Pending'),
      trouble(pod('web', 'd', 'n', 'other'), 'error', 'CrashLoopBackOff'),
    ];
    expect(told(troubles)).toEqual([
      ['Deployment/web', 'CrashLoopBackOff', 2],
      ['Deployment/web', 'CrashLoopBackOff', 1],
      ['Deployment/web', 'Pending', 1],
    ]);
  });

  test('a Deployment stands with its failing Pods, whose word says more', () => {
    const deployment = make('Deployment', 'web', {}, 'default');
    const troubles = [
      trouble(deployment, 'error', 'MinimumReplicasUnavailable'),
      trouble(pod('web', 'a', ''), 'warn', 'Pending'),
    ];
    expect(attention(troubles)).toMatchObject([{ status: { tone: 'error', label: 'Pending' }, pods: 1 }]);
  });

  test('of what a dead node took, a Deployment with nothing left has a line of its own', () => {
    const troubles = [
      trouble(node('n'), 'error', 'NotReady'),
      trouble(pod('gone', 'a', 'n'), 'warn', 'Running,NodeLost'),
      trouble(pod('some', 'a', 'n'), 'warn', 'Running,NodeLost'),
      trouble(make('Deployment', 'gone', {}, 'default'), 'error', 'MinimumReplicasUnavailable'),
      trouble(make('Deployment', 'some', {}, 'default'), 'warn', 'Available'),
    ];
    expect(told(troubles)).toEqual([
      ['Node/n', 'NotReady', 3],
      ['Deployment/gone', 'MinimumReplicasUnavailable', 0],
    ]);
  });

  test("what was over before its node died is not the node's doing", () => {
    const failed = make('Pod', 'failed', { spec: { nodeName: 'n' }, status: { phase: 'Failed' } }, 'default');
    const troubles = [
      trouble(node('n'), 'error', 'NotReady'),
      trouble(failed, 'error', 'Error'),
      trouble(pod('web', 'a', 'n'), 'warn', 'Running,NodeLost'),
    ];
    expect(told(troubles)).toEqual([
      ['Node/n', 'NotReady', 1],
      ['Pod/failed', 'Error', 0],
    ]);
  });

  test('where the workload is worse than its Pods, its own word is said, and theirs tells why', () => {
    const ready = {
      ...trouble(pod('web', 'a', 'n'), 'warn', 'Running'),
      status: { tone: 'warn' as const, label: 'Running', detail: 'unready: [c]' },
    };
    const deadline = { ...trouble(make('Deployment', 'web', {}, 'default'), 'error', 'ProgressDeadlineExceeded') };
    expect(attention([deadline, ready])).toMatchObject([
      { status: { tone: 'error', label: 'ProgressDeadlineExceeded', detail: 'unready: [c]' }, pods: 1 },
    ]);
  });

  test('a workload with Pods on two dead nodes stands behind the first by name', () => {
    const nodes = ['n2', 'n1'].map((name) => trouble(node(name, 'Unknown'), 'error', 'NotReady'));
    const pods = ['n2', 'n1'].map((name) => trouble(pod('web', name, name), 'warn', 'Running'));
    const workload = trouble(make('Deployment', 'web', {}, 'default'), 'warn', 'MinimumReplicasUnavailable');
    expect(told([...nodes, ...pods, workload])).toEqual([
      ['Node/n1', 'NotReady', 2],
      ['Node/n2', 'NotReady', 1],
    ]);
  });

  test('a node that is only short of memory takes nothing along', () => {
    const troubles = [trouble(node('n', 'True'), 'warn', 'Ready'), trouble(pod('web', 'a', 'n'), 'error', 'Error')];
    expect(told(troubles)).toEqual([
      ['Deployment/web', 'Error', 1],
      ['Node/n', 'Ready', 0],
    ]);
  });
});

test.each([
  [pod('web', 'a', ''), 'Deployment', 'web'],
  [make('Pod', 'bare'), 'Pod', 'bare'],
  [
    make('Pod', 'p', {
      metadata: {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u', controller: true }],
      },
    }),
    'ReplicaSet',
    'rs',
  ],
  [
    make('Pod', 'etcd-n', {
      metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u', controller: true }] },
    }),
    'Pod',
    'etcd-n',
  ],
])('the owner of Pod %#', (object, kind, name) => {
  expect(ownerOf(object)).toMatchObject({ kind, name });
});
