import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { containerRequests } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { units } from '../objects/quantities.js';

export interface NodeUsage {
  readonly pods: { readonly used: number; readonly total: number };
  readonly cpu: { readonly used: number; readonly total: number };
  readonly memory: { readonly used: number; readonly total: number };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What a Pod asks of its node: as a whole, or its containers at their worst moment; and what it costs besides. */
function podRequest({ spec }: Pod, resource: string): number {
  if (!spec) return 0;
  const wanted = spec.resources?.requests?.[resource] ?? containerRequests(spec).get(resource);
  return units(wanted) + units(spec.overhead?.[resource]);
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
