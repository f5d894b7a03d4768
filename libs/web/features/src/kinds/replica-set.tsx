import { statusColumn } from '../objects/columns.js';
import type { KindView } from '../view/kind-view.js';
import { ownerLoss, relatedPods } from '../workloads/selected-pods.js';
import { countColumn, imagesColumn, ownerColumn, readyColumn, workloadFacts } from '../workloads/workload-columns.js';
import { replicaSetStatus } from '../workloads/workload-status.js';

export const replicaSetView: KindView = {
  status: replicaSetStatus,
  columns: (t) => [
    statusColumn(t, 'minmax(6.5rem,1.7fr)', replicaSetStatus),
    readyColumn(t),
    countColumn('current', t('columns.current')),
    ownerColumn(t),
    imagesColumn(t),
  ],
  facts: workloadFacts,
  related: relatedPods,
  actions: { podLogs: true, loss: ownerLoss },
};
