import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { ObjectStatus } from '../kinds/kind-view.js';

function readyCondition(node: Node): { readonly status?: string; readonly message?: string } {
  return node.status?.conditions?.find((condition) => condition.type === 'Ready') ?? {};
}

/** Behaves as kubernetes pkg/printers/internalversion printNode. */
export function nodeStatus(node: Node): ObjectStatus {
  const { status, message } = readyCondition(node);
  const state = status === 'True' ? 'Ready' : status ? 'NotReady' : 'Unknown';
  const cordoned = node.spec?.unschedulable === true;
  const label = cordoned ? `${state},SchedulingDisabled` : state;
  const well = cordoned ? 'warn' : 'ok';
  return { tone: state === 'Ready' ? well : 'error', label, ...(message && { detail: message }) };
}

const ROLE_LABEL = 'node-role.kubernetes.io/';

export function nodeRoles(node: Node): string[] {
  return Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(ROLE_LABEL))
    .map((label) => label.slice(ROLE_LABEL.length))
    .sort();
}

export function nodeAddress(node: Node, type: string): string {
  return node.status?.addresses?.find((address) => address.type === type)?.address ?? '';
}
