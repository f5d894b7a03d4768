import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import type { Loss, Narrow } from '../view/kind-actions.js';
import type { RelatedObjects } from '../view/kind-view.js';
import { workloadSelector } from './selectors.js';

/** The Pods a workload selects; undefined where it selects none. */
function selectedPods(object: UnstructuredObject): Narrow | undefined {
  const labelSelector = workloadSelector(object);
  return labelSelector ? { namespace: object.metadata.namespace ?? '', labelSelector } : undefined;
}

export function relatedPods(object: UnstructuredObject, t: Translate): RelatedObjects[] {
  const pods = selectedPods(object);
  return pods ? [{ title: t('detail.pods'), resource: 'pods', ...pods, empty: t('detail.noPods') }] : [];
}

/** A workload's Pods are its own and go with it. */
export const ownerLoss: Loss = {
  pods: selectedPods,
  text: (t, _, count) =>
    count === undefined ? t('actions.deleteOwnerUncounted') : t('actions.deleteOwner', { count }),
};
