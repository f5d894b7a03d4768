'use client';

import type { LimitRange, ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { units } from '../objects/quantities.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, OrNone } from '../objects/text.js';
import { as, type KindView, type PanelProps } from '../view/kind-view.js';

/** How much of each resource is taken. */
function QuotaUse({ object }: PanelProps) {
  const t = useTranslations('spec');
  const { spec, status } = as<ResourceQuota>(object);
  const rows = Object.entries(status?.hard ?? spec?.hard ?? {}).map(([name, hard]) => {
    const used = status?.used?.[name];
    const isFull = used !== undefined && units(String(used)) >= units(String(hard));
    return [
      <Mono key="name">{name}</Mono>,
      isFull ? (
        <Status key="used" tone="warn">
          {String(used)}
        </Status>
      ) : (
        <OrNone key="used">{used === undefined ? '' : String(used)}</OrNone>
      ),
      String(hard),
    ];
  });
  const head = [t('resource'), t('used'), t('hard')];
  return <RowsPanel title={t('used')} head={head} rows={rows} none={t('noLimits')} />;
}

/** What containers, Pods and claims get, and may have. */
function Limits({ object }: PanelProps) {
  const t = useTranslations();
  const rows = (as<LimitRange>(object).spec?.limits ?? []).flatMap((item) => {
    const { type, min, max, default: limit, defaultRequest } = item;
    const names = new Set([min, max, limit, defaultRequest].flatMap((each) => Object.keys(each ?? {})));
    return [...names].map((name) => [
      type,
      <Mono key="name">{name}</Mono>,
      ...[min, max, defaultRequest, limit].map((each, index) => (
        <OrNone key={index}>{each?.[name] === undefined ? '' : String(each[name])}</OrNone>
      )),
    ]);
  });
  const head = ['minimum', 'maximum', 'defaultRequest', 'defaultLimit'] as const;
  return (
    <RowsPanel
      title={t('spec.limits')}
      head={[t('columns.type'), t('spec.resource'), ...head.map((name) => t(`spec.${name}`))]}
      rows={rows}
      none={t('spec.noLimits')}
    />
  );
}

export const quotaView: KindView = { panels: [QuotaUse] };
export const limitRangeView: KindView = { panels: [Limits] };
