import type { Container, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { units } from '../objects/quantities.js';

export interface NodeUsage {
  readonly pods: { readonly used: number; readonly total: number };
  readonly cpu: { readonly used: number; readonly total: number };
  readonly memory: { readonly used: number; readonly total: number };
}

const requested = (containers: readonly Container[] | undefined, resource: string): number[] =>
  (containers ?? []).map((container) => units(container.resources?.requests?.[resource]));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What a Pod asks of its node: its containers together, or its largest init container where that is more. */
export function podRequest(pod: Pod, resource: string): number {
  const together = sum(requested(pod.spec?.containers, resource));
  const largest = Math.max(0, ...requested(pod.spec?.initContainers, resource));
  return Math.max(together, largest);
}

const isOver = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** How much of a node is spoken for by the Pods on it. CPU in cores, memory in bytes. */
export function nodeUsage(node: Node, pods: readonly Pod[]): NodeUsage {
  const mine = pods.filter((pod) => pod.spec?.nodeName === node.metadata.name && !isOver(pod));
  const of = (resource: string, used: number) => ({ used, total: units(node.status?.allocatable?.[resource]) });
  return {
    pods: of('pods', mine.length),
    cpu: of('cpu', sum(mine.map((pod) => podRequest(pod, 'cpu')))),
    memory: of('memory', sum(mine.map((pod) => podRequest(pod, 'memory')))),
  };
}
