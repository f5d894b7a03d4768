import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import { linesFact, linkFact, plainFact } from '../objects/fact-lines.js';
import { as, type KindView } from '../view/kind-view.js';
import { replicaSetView } from './replica-set.js';

/** Stands as a ReplicaSet does, and rolls its Pods by itself. */
export const statefulSetView: KindView = {
  ...replicaSetView,
  facts: (object, t) => {
    const { metadata, spec } = as<StatefulSet>(object);
    const claims = (spec?.volumeClaimTemplates ?? []).map(
      ({ metadata: { name = '' }, spec: claim }) => `${name} ${String(claim?.resources?.requests?.['storage'] ?? '')}`,
    );
    const service = { apiVersion: 'v1', kind: 'Service', namespace: metadata.namespace, name: spec?.serviceName };
    return [
      ...(replicaSetView.facts?.(object, t) ?? []),
      ...linkFact(t('spec.headless'), service),
      ...plainFact(t('spec.updateStrategy'), spec?.updateStrategy?.type),
      ...plainFact(t('spec.podManagement'), spec?.podManagementPolicy),
      ...linesFact(t('spec.claims'), claims),
    ];
  },
  actions: { ...replicaSetView.actions, restart: true },
};
