'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Resource, resourceId, type UnstructuredObject, useLive } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { as } from '../kinds/kind-view.js';
import { useQueryOf } from '../list/related-table.js';
import { workloadSelector } from '../workloads/selectors.js';

const MIRROR = 'kubernetes.io/config.mirror';
const OWNERS = new Set([
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'jobs.batch',
]);

function usePodConsequence(object: UnstructuredObject): string {
  const t = useTranslations('actions');
  const pod = as<Pod>(object);
  const seconds = pod.spec?.terminationGracePeriodSeconds ?? 30;
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller);
  if (pod.metadata.annotations?.[MIRROR]) return t('deletePodMirror');
  if (!owner || owner.kind === 'Node') return t('deletePodBare', { seconds });
  return t('deletePodOwned', { seconds, owner: `${owner.kind}/${owner.name}` });
}

/** How many Pods go, or must move, with the object. */
function usePodCount(id: string, object: UnstructuredObject): number {
  const { name = '', namespace = '' } = object.metadata;
  const labelSelector = OWNERS.has(id) ? workloadSelector(object) : '';
  const narrow =
    id === 'nodes'
      ? { fieldSelector: `spec.nodeName=${name}` }
      : labelSelector
        ? { namespace, labelSelector }
        : undefined;
  const query = useQueryOf('pods', narrow ?? {});
  return useLive(narrow ? query : undefined).items.length;
}

/** What deleting the object will do, in plain words. */
export function useConsequence(resource: Resource, object: UnstructuredObject): string {
  const t = useTranslations('actions');
  const id = resourceId(resource);
  const pod = usePodConsequence(object);
  const count = usePodCount(id, object);
  if (id === 'pods') return pod;
  if (id === 'namespaces') return t('deleteNamespace');
  if (id === 'nodes') return t('deleteNode', { count });
  if (id === 'services') return t('deleteService');
  return OWNERS.has(id) ? t('deleteOwner', { count }) : t('deleteFinal');
}
