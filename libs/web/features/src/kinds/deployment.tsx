import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { statusColumn } from '../objects/columns.js';
import type { KindView, RelatedObjects } from '../view/kind-view.js';
import { DEFAULT_STANDING } from '../view/standing.js';
import { RolloutProgress } from '../workloads/rollout-panel.js';
import { ownerLoss, relatedPods } from '../workloads/selected-pods.js';
import { workloadSelector } from '../workloads/selectors.js';
import { countColumn, imagesColumn, readyColumn, workloadFacts } from '../workloads/workload-columns.js';
import { deploymentStatus, isAvailable } from '../workloads/workload-status.js';

/** Deployment → ReplicaSets → Pods. */
function related(object: UnstructuredObject, t: Translate): RelatedObjects[] {
  const { uid = '', namespace = '' } = object.metadata;
  return [
    ...relatedPods(object, t),
    {
      title: t('detail.replicaSets'),
      resource: 'replicasets.apps',
      namespace,
      labelSelector: workloadSelector(object),
      ownedBy: uid,
      empty: t('detail.none'),
    },
  ];
}

export const deploymentView: KindView = {
  status: deploymentStatus,
  standing: { ...DEFAULT_STANDING, isWell: isAvailable },
  columns: (t) => [
    statusColumn(t, 'minmax(6.5rem,1.7fr)', deploymentStatus),
    readyColumn(t),
    countColumn('updated', t('columns.upToDate')),
    countColumn('available', t('columns.available')),
    imagesColumn(t),
  ],
  facts: workloadFacts,
  panels: [RolloutProgress],
  related,
  actions: { podLogs: true, restart: true, rollBack: true, loss: ownerLoss },
};
