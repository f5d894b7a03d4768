import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { semanticEqual } from '@binnacle/machinery-validation';

/** On a Node: no load balancer leads there. */
const LABEL_EXCLUDE = 'node.kubernetes.io/exclude-from-external-load-balancers';
/** The cluster autoscaler is about to delete the node. */
const TAINT_TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';

/** As Go's strconv.ParseBool. */
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** A value that is neither true nor false keeps the node out, as one that is true. */
function isIncluded({ metadata }: Node): boolean {
  const value = metadata.labels?.[LABEL_EXCLUDE];
  return value === undefined || FALSE.has(value);
}

const isTainted = ({ spec }: Node): boolean => spec?.taints?.some(({ key }) => key === TAINT_TO_BE_DELETED) ?? false;

/**
 * The nodes that load balancers lead to, ready or not: who balances checks their health, and takes connections off one by one.
 * Models k8s.io/cloud-provider controllers/service stableNodeSetPredicates.
 */
export function nodesBehind(nodes: readonly Node[]): Node[] {
  return nodes.filter((node) => !node.metadata.deletionTimestamp && isIncluded(node) && !isTainted(node));
}

/** Whether load balancers have to hear of a change of a node. Models shouldSyncUpdatedNode. */
export function concernsLoadBalancers(before: Node, now: Node): boolean {
  return isIncluded(before) !== isIncluded(now) || before.spec?.providerID !== now.spec?.providerID;
}

const machinesOf = (nodes: readonly Node[]): Record<string, string> =>
  Object.fromEntries(nodes.map(({ metadata, spec }) => [metadata.name ?? '', spec?.providerID ?? '']));

/** Whether two lists are of the same nodes on the same machines. Models nodesSufficientlyEqual. */
export const areSameNodes = (before: readonly Node[], now: readonly Node[]): boolean =>
  before.length === now.length && semanticEqual(machinesOf(before), machinesOf(now));

const MOST_NAMES = 20;

/** Names for a message: `[a b <3 more>]`. */
export function namesOf(nodes: readonly Node[]): string {
  const names = nodes.slice(0, MOST_NAMES).map(({ metadata }) => metadata.name ?? '');
  const more = nodes.length - names.length;
  return `[${[...names.sort(), ...(more > 0 ? [`<${more} more>`] : [])].join(' ')}]`;
}
