'use client';

import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { Meter, Panel, Status } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import { Mono } from '../objects/text.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { type QuotaRow, quotaRows } from './quota-rows.js';

const TONES = { near: 'warn', over: 'error' } as const;

function QuotaLine({ row: { name, used, hard, share, standing } }: { row: QuotaRow }) {
  const t = useTranslations('quota');
  const format = useFormatter();
  return (
    <li className="grid gap-x-4 gap-y-1 border-b border-line/60 px-4 py-2 text-sm last:border-0 sm:grid-cols-[minmax(10rem,16rem)_minmax(0,1fr)_9rem]">
      <span className="break-all">
        <Mono>{name}</Mono>
      </span>
      <Meter share={share} label={name} text={t('used', { used: used || '?', hard })} wide />
      <span className="sm:text-right">
        {standing === 'free' ? (
          <span className="tabular text-ink-3">
            {t('percent', { percent: format.number(share, { style: 'percent' }) })}
          </span>
        ) : (
          <Status tone={TONES[standing]}>{t(standing)}</Status>
        )}
      </span>
    </li>
  );
}

/** How much of each resource is taken, the fullest first. */
export function QuotaPanel({ object }: PanelProps) {
  const t = useTranslations('quota');
  const rows = quotaRows(as<ResourceQuota>(object));
  return (
    <Panel title={t('title')} count={rows.length} flush>
      {rows.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-3">{t('none')}</p>
      ) : (
        <ul>
          {rows.map((row) => (
            <QuotaLine key={row.name} row={row} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
