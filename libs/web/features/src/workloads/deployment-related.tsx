'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { RelatedTable } from '../list/related-table.js';
import { SelectedPods } from './selected-pods.js';
import { workloadSelector } from './selectors.js';

/** Deployment → ReplicaSets → Pods. */
export function DeploymentRelated({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const { uid, namespace } = object.metadata;
  const isMine = useCallback(
    (set: UnstructuredObject) => set.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false,
    [uid],
  );
  return (
    <>
      <SelectedPods object={object} />
      <RelatedTable
        title={t('replicaSets')}
        resource="replicasets.apps"
        namespace={namespace}
        labelSelector={workloadSelector(object)}
        keep={isMine}
        empty={t('none')}
      />
    </>
  );
}
