import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { ObjectStatus } from '../kinds/kind-view.js';

/** Behaves as kubernetes pkg/printers/internalversion printNode. */
export function nodeStatus(node: Node): ObjectStatus {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const state = ready?.status === 'True' ? 'Ready' : ready ? 'NotReady' : 'Unknown';
  const cordoned = node.spec?.unschedulable === true;
  const label = cordoned ? `${state},SchedulingDisabled` : state;
  const tone = state === 'Ready' ? (cordoned ? 'warn' : 'ok') : 'error';
  return { tone, label, ...(ready?.message && { detail: ready.message }) };
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
