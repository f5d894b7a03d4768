import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import type { NodeDescription } from '../node/node-object.js';
import { podRequests } from '../pod/resources.js';
import { admitPod } from './admit-pod.js';

const capacity = { cpu: '2', memory: '1Gi', pods: '3' };
const info = { architecture: 'amd64', operatingSystem: 'linux' } as NodeDescription['info'];
const node: NodeDescription = {
  name: 'worker-1',
  address: '127.0.0.11',
  labels: { zone: 'a' },
  annotations: {},
  taints: [],
  capacity,
  allocatable: capacity,
  info,
  port: 10250,
};

type Spec = Partial<NonNullable<Pod['spec']>>;
const pod = (spec: Spec): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {},
  spec: { ...spec, containers: spec.containers ?? [] },
});
const asking = (cpu: string): Spec => ({ containers: [{ name: 'c', resources: { requests: { cpu } } }] });
const port = (hostPort: number, protocol = 'TCP', hostIP?: string): Spec => ({
  containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort, protocol, hostIP }] }],
});
const admitted = (asked: Spec, others: readonly Spec[] = [], object?: Node) =>
  admitPod(node, pod(asked), { others: others.map(pod), node: object });
const FOO = 'example.com/foo';
const foo = (amount: string): Spec => ({ containers: [{ name: 'c', resources: { requests: { [FOO]: amount } } }] });
const required = (key: string, operator: string, ...values: string[]): Spec => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values }] }],
      },
    },
  },
});

describe('a node takes a Pod', () => {
  test.each<[string, Spec, Spec[], string | undefined]>([
    ['that fits', asking('500m'), [asking('1500m')], undefined],
    ['not beyond its CPU', asking('501m'), [asking('1500m')], 'OutOfcpu'],
    ['not beyond its number of Pods', {}, [{}, {}, {}], 'OutOfpods'],
    ['with its labels', { nodeSelector: { zone: 'a', 'kubernetes.io/os': 'linux' } }, [], undefined],
    ['not with others', { nodeSelector: { zone: 'b' } }, [], 'NodeAffinity'],
    ['by affinity', required('zone', 'In', 'a', 'b'), [], undefined],
    ['not against affinity', required('zone', 'NotIn', 'a'), [], 'NodeAffinity'],
    ['with a free host port', port(80), [port(81)], undefined],
    ['with a host port of another protocol', port(80), [port(80, 'UDP')], undefined],
    ['not with a taken host port', port(80), [port(80)], 'NodePorts'],
    ['with a host port of another address', port(80, 'TCP', '127.0.0.1'), [port(80, 'TCP', '10.0.0.1')], undefined],
    ['not with one that is taken at all addresses', port(80, 'TCP', '127.0.0.1'), [port(80)], 'NodePorts'],
    ['that asks for what is given out elsewhere', foo('1'), [], undefined],
  ])('%s', (_, asked, others, reason) => {
    expect(admitted(asked, others)?.reason).toBe(reason);
  });

  test('by what others gave the node', () => {
    const metadata = { labels: { zone: 'b' } };
    const object: Node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata,
      status: { allocatable: { cpu: '9', [FOO]: '2' } },
    };
    expect(admitted({ nodeSelector: { zone: 'b' } }, [], object)).toBeUndefined();
    expect(admitted(foo('2'), [], object)).toBeUndefined();
    expect(admitted(foo('2'), [foo('1')], object)?.reason).toBe(`OutOf${FOO}`);
    expect(admitted(asking('3'), [], object)?.reason).toBe('OutOfcpu');
  });

  test('and says what is missing', () => {
    expect(admitted(asking('3'), [asking('1')])?.message).toBe(
      "Node didn't have enough resource: cpu, requested: 3000, used: 1000, capacity: 2000",
    );
  });
});

test('a Pod asks for its main containers and sidecars, or its largest init container', () => {
  const cpu = (name: string, amount: string, restartPolicy?: string) => ({
    name,
    restartPolicy,
    resources: { requests: { cpu: amount } },
  });
  const containers = [cpu('a', '100m'), cpu('b', '200m')];
  expect(podRequests(pod({ containers }))).toEqual({ cpu: 300 });
  expect(podRequests(pod({ containers, initContainers: [cpu('i', '1')] }))).toEqual({ cpu: 1000 });
  expect(podRequests(pod({ containers, initContainers: [cpu('s', '50m', 'Always'), cpu('i', '1')] }))).toEqual({
    cpu: 1050,
  });
  expect(podRequests(pod({ containers, overhead: { cpu: '10m' } }))).toEqual({ cpu: 310 });
  const whole = { limits: { cpu: '3', memory: '1k' }, requests: { cpu: '2' } };
  expect(podRequests(pod({ containers, resources: whole }))).toEqual({ cpu: 2000, memory: 1000 });
});
