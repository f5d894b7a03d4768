'use client';

import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { type UnstructuredObject, useLive } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { as } from '../kinds/kind-view.js';
import { RelatedTable, useQueryOf } from '../list/related-table.js';
import { mapSelectorText } from '../workloads/selectors.js';
import { EndpointRows } from './endpoint-rows.js';

/** Service → endpoints → Pods. */
export function ServiceEndpoints({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const { name = '', namespace = '' } = object.metadata;
  const { items } = useLive(
    useQueryOf('endpointslices.discovery.k8s.io', { namespace, labelSelector: `kubernetes.io/service-name=${name}` }),
  );
  const labelSelector = mapSelectorText(as<Service>(object).spec?.selector);
  return (
    <>
      <EndpointRows slices={items as unknown as readonly EndpointSlice[]} />
      {labelSelector && (
        <RelatedTable
          title={t('pods')}
          resource="pods"
          namespace={namespace}
          labelSelector={labelSelector}
          empty={t('noPods')}
        />
      )}
    </>
  );
}
