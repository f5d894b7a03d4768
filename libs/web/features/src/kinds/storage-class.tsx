import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_DEFAULT_CLASS } from '@binnacle/apis-kubernetes/well-known';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { linesFact, pairsOf, plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView, type RelatedObjects } from '../view/kind-view.js';

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { metadata, parameters, volumeBindingMode, allowVolumeExpansion, mountOptions } = as<StorageClass>(object);
  const isDefault = metadata.annotations?.[ANNOTATION_DEFAULT_CLASS] === 'true';
  const waits = volumeBindingMode === 'WaitForFirstConsumer';
  return [
    ...plainFact(t('spec.isDefault'), isDefault ? t('spec.yes') : t('spec.no')),
    ...plainFact(t('volumes.boundWhen'), t(waits ? 'volumes.boundByPod' : 'volumes.boundAtOnce')),
    ...plainFact(t('volumes.canGrow'), allowVolumeExpansion ? t('spec.yes') : t('spec.no')),
    ...linesFact(t('spec.parameters'), pairsOf(parameters)),
    ...linesFact(t('volumes.mountOptions'), mountOptions),
  ];
}

/** The claims and the volumes of its class. */
function related({ metadata: { name = '' } }: UnstructuredObject, t: Translate): RelatedObjects[] {
  const isOfIt = (object: UnstructuredObject) =>
    (as<PersistentVolumeClaim | PersistentVolume>(object).spec?.storageClassName ?? '') === name;
  return [
    { title: t('volumes.claims'), resource: 'persistentvolumeclaims', keeps: isOfIt, empty: t('detail.none') },
    { title: t('spec.volumes'), resource: 'persistentvolumes', keeps: isOfIt, empty: t('detail.none') },
  ];
}

/** The server prints its columns. */
export const storageClassView: KindView = { facts, related };
