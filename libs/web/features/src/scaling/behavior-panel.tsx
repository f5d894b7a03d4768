'use client';

import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { useTranslations } from 'next-intl';
import { RowsPanel } from '../objects/rows-panel.js';
import { OrNone } from '../objects/text.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { type ScalingRule, scalingRules } from './behavior.js';

const SELECTED: Readonly<Record<string, 'selectMax' | 'selectMin' | 'selectDisabled'>> = {
  Max: 'selectMax',
  Min: 'selectMin',
  Disabled: 'selectDisabled',
};

function Policies({ rule: { policies, select } }: { rule: ScalingRule }) {
  const t = useTranslations('scaling');
  const selected = SELECTED[select] ?? 'selectMax';
  if (selected === 'selectDisabled') return t(selected);
  return (
    <>
      <ul>
        {policies.map(({ type, value, periodSeconds }) => (
          <li key={`${type} ${value} ${periodSeconds}`}>
            {t(type === 'Percent' ? 'percentEvery' : 'podsEvery', { count: value, seconds: periodSeconds })}
          </li>
        ))}
      </ul>
      {policies.length > 1 && <p className="text-xs text-ink-3">{t(selected)}</p>}
    </>
  );
}

/** How far back it looks, and how much it changes at once. */
export function ScalingBehavior({ object }: PanelProps) {
  const t = useTranslations('scaling');
  const rows = scalingRules(as<HorizontalPodAutoscaler>(object)).map((rule) => [
    t(rule.direction),
    t('windowText', { seconds: rule.window }),
    <Policies key="policies" rule={rule} />,
    <OrNone key="tolerance">{rule.tolerance}</OrNone>,
  ]);
  const head = [t('direction'), t('window'), t('policies'), t('tolerance')];
  return <RowsPanel title={t('behavior')} head={head} rows={rows} none="" />;
}
