import type { KindView } from '../view/kind-view.js';
import { ownerLoss, relatedPods } from '../workloads/selected-pods.js';
import { selectorFact } from '../workloads/workload-columns.js';

/** The server prints its columns. */
export const daemonSetView: KindView = {
  facts: (object, t) => [selectorFact(object, t, 'Selector')],
  related: relatedPods,
  actions: { restart: true, loss: ownerLoss },
};
