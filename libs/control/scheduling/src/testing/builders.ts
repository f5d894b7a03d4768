import type { Node, NodeSpec, Pod, PodSpec, Taint } from '@binnacle/apis-kubernetes/core/v1';
import type { ObjectMeta } from '@binnacle/machinery-meta';
import { ClusterCache, type ClusterView } from '../cache/cluster-cache.js';
import { type PodInfo, podInfo } from '../pod/pod-info.js';

export interface NodeParts {
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly labels?: Record<string, string>;
  readonly taints?: Taint[];
  readonly spec?: NodeSpec;
  readonly status?: Node['status'];
}

export function node(name: string, parts: NodeParts = {}): Node {
  const { cpu = '4', memory = '8Gi', pods = '110', labels = {}, taints } = parts;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { ...(taints && { taints }), ...parts.spec },
    status: { allocatable: { cpu, memory, pods }, ...parts.status },
  };
}

let serial = 0;

export interface PodParts {
  readonly cpu?: string;
  readonly memory?: string;
  readonly labels?: Record<string, string>;
  readonly namespace?: string;
  readonly priority?: number;
  readonly spec?: Partial<PodSpec>;
  readonly metadata?: ObjectMeta;
}

export function pod(name: string, parts: PodParts = {}): Pod {
  const { cpu, memory, labels = {}, namespace = 'default', priority, spec, metadata } = parts;
  const requests = { ...(cpu && { cpu }), ...(memory && { memory }) };
  serial += 1;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: `${name}-${serial}`, labels, ...metadata },
    spec: {
      containers: [{ name: 'main', image: 'nginx', resources: { requests } }],
      ...(priority !== undefined && { priority }),
      ...spec,
    },
  };
}

export const info = (name: string, parts: PodParts = {}): PodInfo => podInfo(pod(name, parts));

/** A cache with these nodes, and these Pods on them by node name. */
export function cluster(
  nodes: readonly Node[],
  placed: Readonly<Record<string, readonly PodInfo[]>> = {},
): ClusterCache {
  const cache = new ClusterCache();
  for (const one of nodes) cache.setNode(one);
  for (const [name, pods] of Object.entries(placed)) for (const one of pods) cache.confirm(one, name);
  return cache;
}

export function rowOf(view: ClusterView, name: string): number {
  const entry = view.nodes.find(name);
  if (!entry) throw new Error(`no node ${name}`);
  return entry.row;
}
