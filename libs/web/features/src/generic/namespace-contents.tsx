'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { RelatedTable } from '../list/related-table.js';

/** What runs in a namespace. */
export function NamespaceContents({ object }: { object: UnstructuredObject }) {
  const t = useTranslations();
  const namespace = object.metadata.name;
  return (
    <>
      <RelatedTable
        title={t('overview.deployments')}
        resource="deployments.apps"
        namespace={namespace}
        empty={t('detail.none')}
      />
      <RelatedTable title={t('detail.pods')} resource="pods" namespace={namespace} empty={t('detail.noPods')} />
    </>
  );
}
