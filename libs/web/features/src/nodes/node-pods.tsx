'use client';

import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type UnstructuredObject, useLive } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { as } from '../kinds/kind-view.js';
import { RelatedTable, useQueryOf } from '../list/related-table.js';
import { nodeUsage } from './node-usage.js';
import { UsageMeters } from './usage-meters.js';

export function NodePods({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const fieldSelector = `spec.nodeName=${object.metadata.name ?? ''}`;
  const { items } = useLive(useQueryOf('pods', { fieldSelector }));
  const usage = nodeUsage(as<Node>(object), items as unknown as readonly Pod[]);
  return (
    <>
      <Panel title={t('capacity')}>
        <UsageMeters usage={usage} />
      </Panel>
      <RelatedTable
        title={t('pods')}
        resource="pods"
        fieldSelector={fieldSelector}
        without={['node']}
        empty={t('noPods')}
      />
    </>
  );
}
