import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_DEFAULT_CLASS } from '@binnacle/apis-kubernetes/well-known';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { linesFact, linkFact, pairsOf, plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView, type RelatedObjects } from '../view/kind-view.js';

const classLink = (name: string | undefined, column: string) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  name,
  column,
});

function claimFacts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec } = as<PersistentVolumeClaim>(object);
  const volume = { apiVersion: 'v1', kind: 'PersistentVolume', name: spec?.volumeName, column: 'Volume' };
  return [
    ...linkFact(t('spec.volume'), volume),
    ...linkFact(t('spec.storageClass'), classLink(spec?.storageClassName, 'StorageClass')),
    ...linesFact(t('spec.requests'), pairsOf(spec?.resources?.requests)),
  ];
}

/** Where it is claimed from; the source is told as its YAML tells it. */
function volumeFacts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec } = as<PersistentVolume>(object);
  const { claimRef: claim } = spec ?? {};
  const to = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: claim?.namespace, name: claim?.name };
  return [
    ...linkFact(t('spec.claim'), { ...to, column: 'Claim' }),
    ...linkFact(t('spec.storageClass'), classLink(spec?.storageClassName, 'StorageClass')),
  ];
}

function classFacts(object: UnstructuredObject, t: Translate): Fact[] {
  const { metadata, parameters } = as<StorageClass>(object);
  const isDefault = metadata.annotations?.[ANNOTATION_DEFAULT_CLASS] === 'true';
  return [
    ...plainFact(t('spec.isDefault'), isDefault ? t('spec.yes') : t('spec.no')),
    ...linesFact(t('spec.parameters'), pairsOf(parameters)),
  ];
}

/** The claims of its class. */
function classClaims({ metadata: { name = '' } }: UnstructuredObject, t: Translate): RelatedObjects[] {
  const keeps = (claim: UnstructuredObject) => as<PersistentVolumeClaim>(claim).spec?.storageClassName === name;
  return [{ title: t('spec.claim'), resource: 'persistentvolumeclaims', keeps, empty: t('detail.none') }];
}

/** The Pods that mount it. */
function claimPods({ metadata }: UnstructuredObject, t: Translate): RelatedObjects[] {
  const { name, namespace = '' } = metadata;
  const keeps = (pod: UnstructuredObject) =>
    as<Pod>(pod).spec?.volumes?.some(({ persistentVolumeClaim: claim }) => claim?.claimName === name) ?? false;
  return [{ title: t('spec.usedBy'), resource: 'pods', namespace, keeps, empty: t('detail.noPods') }];
}

/** What holds data: its loss cannot be made good. */
const DANGEROUS = { dangerous: true } as const;

export const claimView: KindView = { facts: claimFacts, related: claimPods, actions: DANGEROUS };
export const volumeView: KindView = { facts: volumeFacts, actions: DANGEROUS };
export const storageClassView: KindView = { facts: classFacts, related: classClaims };
