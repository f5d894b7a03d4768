import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { linesFact, linkFact, plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView } from '../view/kind-view.js';
import { Members } from '../workloads/members-panel.js';
import { workloadFacts } from '../workloads/workload-columns.js';
import { replicaSetView } from './replica-set.js';

function claims({ spec }: StatefulSet, t: Translate): Fact[] {
  const templates = spec?.volumeClaimTemplates ?? [];
  if (templates.length === 0) return [];
  const sizes = templates.map(
    ({ metadata: { name = '' }, spec: claim }) => `${name} ${String(claim?.resources?.requests?.['storage'] ?? '')}`,
  );
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const kept = [`whenDeleted=${whenDeleted}`, `whenScaled=${whenScaled}`];
  return [...linesFact(t('spec.claims'), sizes), ...linesFact(t('rollout.claimRetention'), kept)];
}

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const set = as<StatefulSet>(object);
  const { serviceName: name, updateStrategy, podManagementPolicy } = set.spec ?? {};
  const service = { apiVersion: 'v1', kind: 'Service', namespace: set.metadata.namespace, name };
  return [
    ...workloadFacts(object, t),
    ...linkFact(t('spec.headless'), service),
    ...plainFact(t('spec.updateStrategy'), updateStrategy?.type),
    ...plainFact(t('rollout.partition'), updateStrategy?.rollingUpdate?.partition || undefined),
    ...plainFact(t('spec.podManagement'), podManagementPolicy),
    ...claims(set, t),
  ];
}

/** Stands as a ReplicaSet does, and rolls its Pods by itself, which are told in their order. */
export const statefulSetView: KindView = {
  ...replicaSetView,
  needs: 'nodes',
  facts,
  panels: [Members],
  related: () => [],
  actions: { ...replicaSetView.actions, restart: true, rollBack: true },
};
