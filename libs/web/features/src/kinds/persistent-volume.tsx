import type { PersistentVolume, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { linesFact, linkFact, plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView, type RelatedObjects } from '../view/kind-view.js';
import { classLink } from '../volumes/volume-links.js';
import { VolumeState } from '../volumes/volume-panel.js';

/** Which nodes can reach it, a term a line. */
function nodesOf({ spec }: PersistentVolume): string[] {
  return (spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).map(({ matchExpressions = [] }) =>
    matchExpressions.map(({ key, operator, values = [] }) => `${key} ${operator} (${values.join(', ')})`).join(', '),
  );
}

/** Where it is claimed from; the source is told as its YAML tells it. */
function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const volume = as<PersistentVolume>(object);
  const { claimRef: claim, storageClassName, volumeMode } = volume.spec ?? {};
  const to = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: claim?.namespace, name: claim?.name };
  return [
    ...linkFact(t('spec.claim'), { ...to, column: 'Claim' }),
    ...linkFact(t('spec.storageClass'), classLink(storageClassName)),
    ...plainFact(t('volumes.mode'), volumeMode),
    ...linesFact(t('volumes.nodes'), nodesOf(volume)),
  ];
}

/** The Pods that mount it by its claim. */
function related(object: UnstructuredObject, t: Translate): RelatedObjects[] {
  const { claimRef } = as<PersistentVolume>(object).spec ?? {};
  if (!claimRef) return [];
  const keeps = (pod: UnstructuredObject) =>
    as<Pod>(pod).spec?.volumes?.some(({ persistentVolumeClaim: use }) => use?.claimName === claimRef.name) ?? false;
  const { namespace = '' } = claimRef;
  return [{ title: t('spec.usedBy'), resource: 'pods', namespace, keeps, empty: t('detail.noPods') }];
}

/** What it holds cannot be made good once it is lost. The server prints its columns. */
export const volumeView: KindView = { facts, panels: [VolumeState], related, actions: { dangerous: true } };
