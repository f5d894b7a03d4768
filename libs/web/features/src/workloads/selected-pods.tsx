'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { RelatedTable } from '../list/related-table.js';
import { workloadSelector } from './selectors.js';

/** The Pods a workload selects. */
export function SelectedPods({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const labelSelector = workloadSelector(object);
  if (!labelSelector) return null;
  return (
    <RelatedTable
      title={t('pods')}
      resource="pods"
      namespace={object.metadata.namespace}
      labelSelector={labelSelector}
      empty={t('noPods')}
    />
  );
}
