'use client';

import { isPast } from '@binnacle/machinery-meta';
import { listQuery, type Resource, rightOn, useCluster, useLive, useRights } from '@binnacle/web-data';
import { Tag } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { explainMissing } from '../rights/explained.js';

interface VisiblePartProps {
  readonly resource: Resource;
  /** The one that is chosen; empty for all. */
  readonly namespace: string;
}

/** Says that a list over all namespaces holds those that one may see, and how many these are. */
export function VisiblePart({ resource, namespace }: VisiblePartProps) {
  const t = useTranslations('rights');
  const { cluster, resources } = useCluster();
  const isWhole = !resource.namespaced || namespace !== '' || isPast(cluster);
  const right = rightOn('list', resource);
  const has = useRights(isWhole ? [] : [right])(right);
  const isPart = !isWhole && has === false;
  const namespaces = resources.byId('namespaces');
  const { items, phase } = useLive(isPart && namespaces ? listQuery(cluster, namespaces) : undefined);
  if (!isPart || phase === 'denied') return null;
  return (
    <button type="button" onClick={() => explainMissing(right)} title={t('visibleHint')} className="rounded-sm">
      <Tag tone="warn">{t('visible', { count: items.length })}</Tag>
    </button>
  );
}
