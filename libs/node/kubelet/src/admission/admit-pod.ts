import type { NodeSelectorTerm, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { matcherFromNodeExpressions } from '@binnacle/machinery-selectors';
import { type NodeDescription, wellKnownLabels } from '../node/node-object.js';
import { mainContainers } from '../pod/identity.js';
import { type Amounts, amounts, podRequests } from '../pod/resources.js';
import type { Rejection } from '../pod/rejection.js';

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

const hostPorts = (pod: Pod): string[] =>
  mainContainers(pod).flatMap(({ ports = [] }) =>
    ports.filter(({ hostPort }) => hostPort).map(({ protocol = 'TCP', hostPort }) => `${protocol}/${hostPort}`),
  );

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
export function admitPod(node: NodeDescription, pod: Pod, others: readonly Pod[]): Rejection | undefined {
  if (!fitsSelector(pod, wellKnownLabels(node), node.name)) {
    const message = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    return { reason: 'NodeAffinity', message };
  }
  const taken = others.flatMap(hostPorts);
  if (hostPorts(pod).some((port) => taken.includes(port))) {
    const message = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
    return { reason: 'NodePorts', message };
  }
  return lacking(pod, others, amounts(node.allocatable));
}
