import { statusColumn } from '../objects/columns.js';
import { namespaceReachability } from '../reach/reachability-fact.js';
import { genericStatus } from '../view/generic-status.js';
import type { KindView } from '../view/kind-view.js';

export const namespaceView: KindView = {
  columns: (t) => [statusColumn(t, 'minmax(8rem,1fr)', genericStatus)],
  facts: ({ metadata: { name = '' } }, t) => [namespaceReachability(t, name)],
  related: ({ metadata: { name = '' } }, t) => [
    { title: t('overview.deployments'), resource: 'deployments.apps', namespace: name, empty: t('detail.none') },
    { title: t('detail.pods'), resource: 'pods', namespace: name, empty: t('detail.noPods') },
  ],
  actions: { dangerous: true, fleeting: true, loss: { text: (t) => t('actions.deleteNamespace') } },
};
