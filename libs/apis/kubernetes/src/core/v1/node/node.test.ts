import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Node, NodeSpec, NodeStatus } from '../index.js';
import { nodes } from './definition.js';
import { printer } from './printer.js';

const node = (spec: NodeSpec = {}, status: NodeStatus = {}, metadata: Node['metadata'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', ...metadata },
  spec,
  status,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a new Node', () => {
  it('keeps the status its kubelet registers with, and may give out all it has', () => {
    const { object } = rehearseCreate(nodes, node({}, { capacity: { cpu: '4000m', memory: '1024Mi' } }));
    expect(object.status).toEqual({
      capacity: { cpu: '4', memory: '1Gi' },
      allocatable: { cpu: '4', memory: '1Gi' },
    });
  });

  it.each<[reason: string, Node, expected: string[]]>([
    [
      'a taint has an effect',
      node({ taints: [{ key: 'a', effect: '' }] }),
      ['metadata.taints[0].effect: Required value'],
    ],
    [
      'a known one',
      node({ taints: [{ key: 'a', effect: 'NoWay' }] }),
      ['metadata.taints[0].effect: Unsupported value: "NoWay"'],
    ],
    [
      'and each effect of a key once',
      node({
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', effect: 'NoSchedule', value: 'x' },
          { key: 'a', effect: 'NoExecute' },
        ],
      }),
      ['metadata.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule","value":"x"}: taints must be unique'],
    ],
    [
      'declared features have names and an order',
      node({}, { declaredFeatures: ['B', 'A/sub', 'A/sub', 'lower'] }),
      [
        'status.declaredFeatures[1]: Invalid value: "A/sub": list must be sorted alphabetically',
        'status.declaredFeatures[2]: Duplicate value: "A/sub"',
        'status.declaredFeatures[3]: Invalid value: "lower": invalid feature name "lower": must start with',
      ],
    ],
    [
      'a network is a network',
      node({ podCIDRs: ['10.244.0.1/24'] }),
      ['spec.podCIDRs[0]: Invalid value: "10.244.0.1/24": must not have bits set beyond the prefix length'],
    ],
    [
      'one for each family',
      node({ podCIDRs: ['10.244.0.0/24', '10.244.1.0/24'] }),
      ['spec.podCIDRs: Invalid value: ["10.244.0.0/24","10.244.1.0/24"]: may specify no more than one CIDR'],
    ],
    [
      'Pods are counted in whole numbers',
      node({}, { capacity: { pods: '1.5' } }),
      [
        'status.capacity.pods: Invalid value: "1500m": must be an integer',
        'status.allocatable.pods: Invalid value: "1500m": must be an integer',
      ],
    ],
  ])('%s', (_reason, object, expected) => {
    const found = texts(rehearseCreate(nodes, object).errors);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });
});

describe('an update of a Node', () => {
  const fixed = { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'], providerID: 'a://1' };

  it.each<[reason: string, old: NodeSpec, next: NodeSpec, expected: string[]]>([
    ['may give it a network and a provider', {}, fixed, []],
    ['may tell its network in the older field alone', fixed, { ...fixed, podCIDRs: [] }, []],
    ['may cordon it', fixed, { ...fixed, unschedulable: true }, []],
    [
      'may not change its network',
      fixed,
      { ...fixed, podCIDR: '10.244.1.0/24' },
      ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    ],
    [
      'may not change its provider',
      fixed,
      { ...fixed, providerID: 'a://2' },
      ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid'],
    ],
  ])('%s', (_reason, old, next, expected) => {
    expect(texts(rehearseUpdate(nodes, node(next), node(old)).errors)).toEqual(expected);
  });

  it('leaves the status alone, as that of the status leaves the spec', () => {
    const old = node({ unschedulable: true }, { phase: 'Running' });
    expect(rehearseUpdate(nodes, node({}, {}), old).object).toEqual(node({}, { phase: 'Running' }));
    expect(rehearseStatusUpdate(nodes, node({}, {}), old).object).toEqual(node({ unschedulable: true }, {}));
  });

  it('of the status has every address once', () => {
    const addresses = [1, 2].map(() => ({ type: 'InternalIP', address: '127.0.0.11' }));
    expect(texts(rehearseStatusUpdate(nodes, node({}, { addresses }), node()).errors)).toEqual([
      'status.addresses[1]: Duplicate value: {"type":"InternalIP","address":"127.0.0.11"}',
    ]);
  });
});

describe('a printed Node', () => {
  const now = Date.parse('2026-01-01T00:10:00Z');
  const ready = (status: string) => ({ conditions: [{ type: 'Ready', status }] });
  const cell = (column: string, object: Node) =>
    printer.row(object, now)[printer.columns.findIndex(({ name }) => name === column)];

  it.each([
    ['says nothing it does not know', node(), 'Status', 'Unknown'],
    ['is ready', node({}, ready('True')), 'Status', 'Ready'],
    ['is not ready when nobody knows', node({}, ready('Unknown')), 'Status', 'NotReady'],
    ['is cordoned', node({ unschedulable: true }, ready('True')), 'Status', 'Ready,SchedulingDisabled'],
    ['has no role', node(), 'Roles', '<none>'],
    [
      'has the roles of its labels',
      node({}, {}, { labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'edge' } }),
      'Roles',
      'edge,worker',
    ],
    ['has an age', node({}, {}, { creationTimestamp: '2026-01-01T00:00:00Z' }), 'Age', '10m'],
    ['has no address', node(), 'Internal-IP', '<none>'],
    [
      'has an address',
      node({}, { addresses: [{ type: 'InternalIP', address: '127.0.0.11' }] }),
      'Internal-IP',
      '127.0.0.11',
    ],
    ['runs something', node(), 'Container-Runtime', '<unknown>'],
  ])('%s', (_reason, object, column, expected) => {
    expect(cell(column, object)).toBe(expected);
  });
});
