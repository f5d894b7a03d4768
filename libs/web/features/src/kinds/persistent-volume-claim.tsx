import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { linesFact, linkFact, pairsOf, plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView, type RelatedObjects } from '../view/kind-view.js';
import { ClaimBinding } from '../volumes/claim-panel.js';
import { classLink } from '../volumes/volume-links.js';

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec } = as<PersistentVolumeClaim>(object);
  const volume = { apiVersion: 'v1', kind: 'PersistentVolume', name: spec?.volumeName, column: 'Volume' };
  return [
    ...linkFact(t('spec.volume'), volume),
    ...linkFact(t('spec.storageClass'), classLink(spec?.storageClassName)),
    ...linesFact(t('spec.requests'), pairsOf(spec?.resources?.requests)),
    ...plainFact(
      t('volumes.dataSource'),
      spec?.dataSourceRef && `${spec.dataSourceRef.kind}/${spec.dataSourceRef.name}`,
    ),
  ];
}

/** The Pods that mount it. */
function related({ metadata }: UnstructuredObject, t: Translate): RelatedObjects[] {
  const { name, namespace = '' } = metadata;
  const keeps = (pod: UnstructuredObject) =>
    as<Pod>(pod).spec?.volumes?.some(({ persistentVolumeClaim: claim }) => claim?.claimName === name) ?? false;
  return [{ title: t('spec.usedBy'), resource: 'pods', namespace, keeps, empty: t('detail.noPods') }];
}

/** What it holds cannot be made good once it is lost. The server prints its columns. */
export const claimView: KindView = {
  facts,
  panels: [ClaimBinding],
  related,
  actions: { dangerous: true, resize: true },
};
