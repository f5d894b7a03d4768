'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { useTranslations } from 'next-intl';
import { RowsPanel } from '../objects/rows-panel.js';
import { SourceOf } from '../objects/source.js';
import { Mono } from '../objects/text.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { volumeSource } from './container-facts.js';

/** What a Pod may mount, and where that comes from. */
export function PodVolumes({ object }: PanelProps) {
  const t = useTranslations();
  const { metadata, spec } = as<Pod>(object);
  const volumes = spec?.volumes ?? [];
  if (volumes.length === 0) return null;
  const rows = volumes.map((volume) => {
    const { type, ...source } = volumeSource(volume);
    return [
      <Mono key="name">{volume.name}</Mono>,
      type,
      <SourceOf key="source" namespace={metadata.namespace} {...source} />,
    ];
  });
  return (
    <RowsPanel
      title={t('spec.volumes')}
      head={[t('list.name'), t('columns.type'), t('columns.source')]}
      rows={rows}
      none={t('detail.none')}
    />
  );
}
