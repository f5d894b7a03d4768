import type { Taint } from '@binnacle/apis-kubernetes/core/v1';
import { TAINT_NODE_UNSCHEDULABLE } from '@binnacle/apis-kubernetes/well-known';
import type { FilterPlugin, Rejection } from '../../framework/plugin.js';
import { isTolerated } from '../../pod/taints.js';

const CORDON: Taint = { key: TAINT_NODE_UNSCHEDULABLE, effect: 'NoSchedule' };
const rejection: Rejection = { reasons: ['node(s) were unschedulable'], unresolvable: true };

/** Cordoned nodes take only Pods that tolerate it. */
export const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  preFilter({ tolerations }, { nodes }) {
    if (nodes.cordoned.size === 0 || isTolerated(CORDON, tolerations)) return undefined;
    return (row) => (nodes.cordoned.has(row) ? rejection : undefined);
  },
  wakes: (event) => event.kind === 'node' && event.changes.taints && !event.node.spec?.unschedulable,
};
