import type { ContainerPort, Node, NodeSelectorTerm, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { matcherFromNodeExpressions } from '@binnacle/machinery-selectors';
import { type NodeDescription, wellKnownLabels } from '../node/node-object.js';
import { initContainers, isSidecar, mainContainers } from '../pod/identity.js';
import { type Amounts, amounts, podRequests } from '../pod/resources.js';
import type { Rejection } from '../pod/rejection.js';
import type { PodSource } from '../pod/source.js';

type Labels = Readonly<Record<string, string>>;

function termMet({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, labels: Labels, name: string): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const fields = { 'metadata.name': name };
  const [byLabels, byFields] = [matchExpressions, matchFields].map(matcherFromNodeExpressions);
  return byLabels?.matches(labels) === true && byFields?.matches(fields) === true;
}

function fitsSelector({ spec }: Pod, labels: Labels, name: string): boolean {
  const selector = Object.entries(spec?.nodeSelector ?? {});
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return !terms || terms.some((term) => termMet(term, labels, name));
}

/** What a Pod is judged by besides itself. */
export interface AdmissionFacts {
  readonly source: PodSource;
  /** The Pods that run there already, with the size they have. */
  readonly others: readonly Pod[];
  /** The node's own object, once there is one: others may have given it labels and resources. */
  readonly node: Node | undefined;
}

const hostPorts = (pod: Pod): ContainerPort[] =>
  [...initContainers(pod).filter(isSidecar), ...mainContainers(pod)].flatMap(({ ports = [] }) =>
    ports.filter(({ hostPort }) => hostPort),
  );

const ANYWHERE = '0.0.0.0';

/** Two addresses of a node may have one port each. Behaves as kubernetes pkg/scheduler/framework HostPortInfo. */
function clash(a: ContainerPort, b: ContainerPort): boolean {
  if (a.hostPort !== b.hostPort || (a.protocol ?? 'TCP') !== (b.protocol ?? 'TCP')) return false;
  const [one, other] = [a.hostIP || ANYWHERE, b.hostIP || ANYWHERE];
  return one === other || one === ANYWHERE || other === ANYWHERE;
}

function usedBy(pods: readonly Pod[]): Amounts {
  const used: Amounts = { pods: pods.length };
  for (const pod of pods) {
    for (const [name, amount] of Object.entries(podRequests(pod))) used[name] = (used[name] ?? 0) + amount;
  }
  return used;
}

function lacking(pod: Pod, others: readonly Pod[], capacity: Amounts): Rejection | undefined {
  const used = usedBy(others);
  for (const [name, asked] of Object.entries({ pods: 1, ...podRequests(pod) })) {
    // What no node has of its own is given out elsewhere.
    if (name.includes('/') && capacity[name] === undefined) continue;
    const [has, taken] = [capacity[name] ?? 0, used[name] ?? 0];
    if (asked === 0 || taken + asked <= has) continue;
    const numbers = `requested: ${asked}, used: ${taken}, capacity: ${has}`;
    return {
      reason: `OutOf${name}`,
      message: `Node didn't have enough resource: ${name}, ${numbers}`,
    };
  }
  return undefined;
}

/** Whether a node can run a Pod that was bound to it. Behaves as kubernetes pkg/kubelet/lifecycle predicates. */
export function admitPod(
  description: NodeDescription,
  pod: Pod,
  { others, node }: Pick<AdmissionFacts, 'others' | 'node'>,
): Rejection | undefined {
  const labels = { ...wellKnownLabels(description), ...node?.metadata.labels };
  if (!fitsSelector(pod, labels, description.name)) {
    const message = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    return { reason: 'NodeAffinity', message };
  }
  const taken = others.flatMap(hostPorts);
  if (hostPorts(pod).some((port) => taken.some((other) => clash(port, other)))) {
    const message = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
    return { reason: 'NodePorts', message };
  }
  return lacking(pod, others, amounts({ ...node?.status?.allocatable, ...description.allocatable }));
}
