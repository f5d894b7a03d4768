import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_NODE_ROLE_CONTROL_PLANE, LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import { toMillis } from '@binnacle/machinery-quantity';

const MODE = 'service.kubernetes.io/topology-mode';
/** The older name, which wins where both are said. */
const HINTS = 'service.kubernetes.io/topology-aware-hints';
const MASTER = 'node-role.kubernetes.io/master';

/** What of the cluster's processors each zone has, from 0 to 1. */
export type ZoneShares = ReadonlyMap<string, number>;

/** Whether a Service asks that its traffic be kept in zones by how large those are. */
export function wantsTopologyHints({ metadata }: Service): boolean {
  const mode = metadata.annotations?.[HINTS] ?? metadata.annotations?.[MODE];
  return mode === 'Auto' || mode === 'auto';
}

const isReady = ({ status }: Node) =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

const countsFor = (node: Node): boolean => {
  const labels = node.metadata.labels ?? {};
  return labels[LABEL_NODE_ROLE_CONTROL_PLANE] === undefined && labels[MASTER] === undefined && isReady(node);
};

/** What of a node matters here. */
export const topologyOf = (node: Node): readonly unknown[] => [
  isReady(node),
  node.metadata.labels?.[LABEL_TOPOLOGY_ZONE],
  node.status?.allocatable?.cpu,
];

/** Undefined where a node does not say where it is or what it has, or all are in one zone. As kubernetes topologycache SetNodes. */
export function zoneShares(nodes: readonly Node[]): ZoneShares | undefined {
  const amounts = new Map<string, number>();
  for (const node of nodes.filter(countsFor)) {
    const [, zone, cpu] = topologyOf(node) as [boolean, string | undefined, string | undefined];
    const amount = toMillis(cpu ?? '0');
    if (!zone || amount === 0) return undefined;
    amounts.set(zone, (amounts.get(zone) ?? 0) + amount);
  }
  if (amounts.size < 2) return undefined;
  const total = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
  return new Map([...amounts].sort().map(([zone, amount]) => [zone, amount / total]));
}
