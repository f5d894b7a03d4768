import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import { linesFact, linkFact, plainFact } from '../objects/fact-lines.js';
import { as, type KindView } from '../view/kind-view.js';
import { Members } from '../workloads/members-panel.js';
import { replicaSetView } from './replica-set.js';

/** Stands as a ReplicaSet does, and rolls its Pods by itself, which are told in their order. */
export const statefulSetView: KindView = {
  ...replicaSetView,
  needs: 'nodes',
  facts: (object, t) => {
    const { metadata, spec } = as<StatefulSet>(object);
    const claims = (spec?.volumeClaimTemplates ?? []).map(
      ({ metadata: { name = '' }, spec: claim }) => `${name} ${String(claim?.resources?.requests?.['storage'] ?? '')}`,
    );
    const service = { apiVersion: 'v1', kind: 'Service', namespace: metadata.namespace, name: spec?.serviceName };
    const retention = spec?.persistentVolumeClaimRetentionPolicy;
    return [
      ...(replicaSetView.facts?.(object, t) ?? []),
      ...linkFact(t('spec.headless'), service),
      ...plainFact(t('spec.updateStrategy'), spec?.updateStrategy?.type),
      ...plainFact(t('rollout.partition'), spec?.updateStrategy?.rollingUpdate?.partition || undefined),
      ...plainFact(t('spec.podManagement'), spec?.podManagementPolicy),
      ...linesFact(t('spec.claims'), claims),
      ...(retention && claims.length > 0
        ? linesFact(t('rollout.claimRetention'), [
            `whenDeleted=${retention.whenDeleted ?? 'Retain'}`,
            `whenScaled=${retention.whenScaled ?? 'Retain'}`,
          ])
        : []),
    ];
  },
  panels: [Members],
  related: () => [],
  actions: { ...replicaSetView.actions, restart: true, rollBack: true },
};
