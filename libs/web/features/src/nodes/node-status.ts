import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_NODE_ROLE_PREFIX } from '@binnacle/apis-kubernetes/well-known';
import { compareValues } from '@binnacle/web-ui';
import type { ObjectStatus } from '../view/kind-view.js';

interface NodeCondition {
  readonly type: string;
  readonly status?: string;
  readonly message?: string;
}

const conditionsOf = (node: Node): readonly NodeCondition[] => node.status?.conditions ?? [];

function readyCondition(node: Node): NodeCondition | undefined {
  return conditionsOf(node).find(({ type }) => type === 'Ready');
}

export const isReady = (node: Node): boolean => readyCondition(node)?.status === 'True';
export const isCordoned = (node: Node): boolean => node.spec?.unschedulable === true;
/** Its kubelet has fallen silent: what it last said of its Pods may not be so any more. */
export const isLost = (node: Node): boolean => readyCondition(node)?.status === 'Unknown';

/** A node that is short of something still runs what it has, and says so beside being ready. */
function pressure(node: Node): string {
  return conditionsOf(node)
    .filter(({ type, status }) => type !== 'Ready' && status === 'True')
    .map(({ type, message }) => (message ? `${type}: ${message}` : type))
    .join(' ');
}

/** Behaves as kubernetes pkg/printers/internalversion printNode. Whoever cordons a node means it: that is no fault. */
export function nodeStatus(node: Node): ObjectStatus {
  const ready = readyCondition(node);
  const state = !ready ? 'Unknown' : isReady(node) ? 'Ready' : 'NotReady';
  const label = isCordoned(node) ? `${state},SchedulingDisabled` : state;
  const short = pressure(node);
  if (state !== 'Ready') return { tone: 'error', label, ...(ready?.message && { detail: ready.message }) };
  if (short) return { tone: 'warn', label, detail: short };
  return { tone: isCordoned(node) ? 'idle' : 'ok', label, ...(ready?.message && { detail: ready.message }) };
}

export function nodeRoles(node: Node): string[] {
  return Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(LABEL_NODE_ROLE_PREFIX))
    .map((label) => label.slice(LABEL_NODE_ROLE_PREFIX.length))
    .sort(compareValues);
}

export function nodeAddress(node: Node, type: string): string {
  return node.status?.addresses?.find((address) => address.type === type)?.address ?? '';
}
