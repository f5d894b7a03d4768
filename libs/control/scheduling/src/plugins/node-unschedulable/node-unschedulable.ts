import type { Node, Taint } from '@binnacle/apis-kubernetes/core/v1';
import { TAINT_NODE_UNSCHEDULABLE } from '@binnacle/apis-kubernetes/well-known';
import type { FilterPlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import { unresolvable } from '../../framework/rejection.js';
import { isTolerated } from '@binnacle/apis-kubernetes/core/v1/node-reading';

const CORDON: Taint = { key: TAINT_NODE_UNSCHEDULABLE, effect: 'NoSchedule' };
const rejection = unresolvable('node(s) were unschedulable');

const isCordoned = (node: Node): boolean => node.spec?.unschedulable === true;

/** Cordoned nodes take only Pods that tolerate it. */
export const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  lasting: true,
  preFilter({ tolerations }, { nodes }) {
    if (nodes.cordoned.size === 0 || isTolerated(CORDON, tolerations)) return undefined;
    return (row) => (nodes.cordoned.has(row) ? rejection : undefined);
  },
  eventsToRegister: () => [
    on('Node', ['Add', 'UpdateNodeTaint'], (_, { old, current }) =>
      Boolean(current && !isCordoned(current) && (!old || isCordoned(old))),
    ),
    on('Pod', ['UpdatePodToleration'], (pod, { current }) =>
      current?.uid === pod.uid ? isTolerated(CORDON, current.tolerations) : false,
    ),
  ],
};
