import { node } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { sheetOf } from '../testing/kind-sheet.js';

const known = (overrides: Parameters<typeof node>[0] = {}) =>
  node({
    metadata: { labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/edge': '' } },
    ...overrides,
    spec: { podCIDR: '10.244.1.0/24', ...overrides?.spec },
    status: {
      addresses: [
        { type: 'Hostname', address: 'node-1' },
        { type: 'InternalIP', address: '192.168.1.7' },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.36.0',
        containerRuntimeVersion: 'sim://1',
        osImage: 'Debian 13',
      } as never,
      ...overrides?.status,
    },
  });
const condition = (type: string, status: string, message = '') => ({ type, status, reason: 'R', message });

test('a node is told in a list by its state, roles, room, version and address', () => {
  const { columns, values } = sheetOf('nodes', known());
  expect(columns).toEqual({
    status: 'Ready',
    roles: 'edge worker',
    cpu: '4',
    memory: '8 GiB',
    version: 'v1.36.0',
    address: '192.168.1.7',
  });
  expect(values).toMatchObject({ cpu: 4, memory: 8 * 1024 ** 3, roles: 'edge,worker' });
});

test('its page says besides what it runs on, and what it keeps off', () => {
  const tainted = known({ spec: { taints: [{ key: 'gpu', value: 'a100', effect: 'NoSchedule' }] } });
  expect(sheetOf('nodes', tainted).facts).toMatchObject({
    'Internal IP': '192.168.1.7',
    'Pod CIDR': '10.244.1.0/24',
    Kubelet: 'v1.36.0',
    Runtime: 'sim://1',
    'Operating system': 'Debian 13',
    Taints: 'gpu=a100:NoSchedule',
    Roles: 'edge worker',
  });
});

test.each([
  [[{ key: 'gpu', effect: 'NoExecute' }], 'gpu:NoExecute'],
  [
    [
      { key: 'a', effect: 'NoSchedule' },
      { key: 'a', effect: 'NoExecute' },
    ],
    'a:NoSchedule a:NoExecute',
  ],
  [[], '–'],
])('taints %j are told as kubectl takes them', (taints, said) => {
  expect(sheetOf('nodes', known({ spec: { taints } })).facts.Taints).toBe(said);
});

describe('how a node stands', () => {
  test.each([
    ['it is ready', {}, 'ok Ready kubelet is posting ready status'],
    [
      'somebody has cordoned it',
      { spec: { unschedulable: true } },
      'idle Ready,SchedulingDisabled kubelet is posting ready status',
    ],
    [
      'its runtime is down',
      { status: { conditions: [condition('Ready', 'False', 'the runtime is down')] } },
      'error NotReady the runtime is down',
    ],
    [
      'nobody hears from it',
      { status: { conditions: [condition('Ready', 'Unknown', 'Kubelet stopped posting node status.')] } },
      'error NotReady Kubelet stopped posting node status.',
    ],
    [
      'it is short of memory and of room',
      {
        status: {
          conditions: [
            condition('Ready', 'True'),
            condition('MemoryPressure', 'True', 'too little'),
            condition('DiskPressure', 'True'),
            condition('PIDPressure', 'False'),
          ],
        },
      },
      'warn Ready MemoryPressure: too little DiskPressure',
    ],
    ['nothing has been said of it', { status: { conditions: [] } }, 'error Unknown'],
  ])('when %s', (_, overrides, status) => {
    expect(sheetOf('nodes', known(overrides as never)).status).toBe(status);
  });
});

test('a node of which nothing is known is told with dashes', () => {
  const bare = node({ status: { allocatable: undefined, addresses: undefined, conditions: undefined } });
  const { columns, facts } = sheetOf('nodes', bare);
  expect(columns).toEqual({ status: 'Unknown', roles: '–', cpu: '0', memory: '0 B', version: '–', address: '–' });
  expect(facts).toMatchObject({ Kubelet: '–', Taints: '–', 'Pod CIDR': '–' });
});

describe('what goes with a node', () => {
  test('are the Pods on it, whose node need not be said', () => {
    expect(sheetOf('nodes', known()).related).toEqual([
      { title: 'Pods', resource: 'pods', fieldSelector: 'spec.nodeName=node-1', without: ['node'], empty: 'No Pods' },
    ]);
  });

  test.each([
    [0, 'The node leaves the cluster and its 0 Pods are started elsewhere.'],
    [1, 'The node leaves the cluster and its 1 Pod is started elsewhere.'],
    [12, 'The node leaves the cluster and its 12 Pods are started elsewhere.'],
    [undefined, 'The node leaves the cluster and its Pods are started elsewhere; how many those are is not known'],
  ])('%s of them are counted', (pods, loss) => {
    expect(sheetOf('nodes', known(), pods === undefined ? {} : { pods }).loss).toContain(loss);
  });
});
