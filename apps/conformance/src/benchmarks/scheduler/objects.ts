import type { PodGroup } from './workloads.js';

type Json = Record<string, unknown>;

/** Marks the Pods that are measured. */
export const MEASURED = 'bench.binnacle.dev/measured';

const hostname = (number: number): string => `scheduler-perf-${String(number).padStart(5, '0')}`;

/** Behaves as kubernetes test/integration/scheduler_perf/templates/node-default.yaml. */
export function nodeOf(number: number, zones: readonly string[]): Json {
  const name = hostname(number);
  const zone = zones[number % Math.max(1, zones.length)];
  const labels = { 'kubernetes.io/hostname': name, ...(zone && { 'topology.kubernetes.io/zone': zone }) };
  const capacity = { pods: '110', cpu: '4', memory: '32Gi' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    status: { capacity, allocatable: capacity, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** Pod `number` of a group; on a node where one is said, as if it had been scheduled before. */
export function podOf(
  group: PodGroup,
  name: string,
  more: { readonly node?: number; readonly measured?: boolean } = {},
): Json {
  const { metadata = {}, spec = {}, cpu } = group;
  const labels = { ...(metadata.labels as Json | undefined), ...(more.measured && { [MEASURED]: 'true' }) };
  const resources = { requests: { cpu, memory: '500Mi' } };
  const containers = [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.2', resources }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: group.namespace, labels },
    spec: { ...spec, containers, ...(more.node !== undefined && { nodeName: hostname(more.node) }) },
  };
}
