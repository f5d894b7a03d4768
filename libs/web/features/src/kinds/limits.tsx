'use client';

import type { LimitRange, ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { linesFact } from '../objects/fact-lines.js';
import { units } from '../objects/quantities.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, OrNone } from '../objects/text.js';
import { QuotaPanel } from '../quotas/quota-panel.js';
import { quotaRows } from '../quotas/quota-rows.js';
import { as, type Fact, type KindView, type ObjectStatus, type PanelProps } from '../view/kind-view.js';

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

/** What of it is used up, or nearly so, is what whoever is refused looks for. */
function quotaStatus(object: UnstructuredObject): ObjectStatus {
  // What nothing is allowed of is not used up.
  const fullest = quotaRows(as<ResourceQuota>(object)).find(({ hard }) => units(hard) > 0);
  if (!fullest || fullest.standing === 'free') return { tone: 'ok', label: 'Free' };
  const { standing, name, used, hard } = fullest;
  const label = standing === 'over' ? 'Exhausted' : 'NearlyExhausted';
  return { tone: 'warn', label, detail: `${name}: ${used} of ${hard} used.` };
}

function quotaFacts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec } = as<ResourceQuota>(object);
  const selected = (spec?.scopeSelector?.matchExpressions ?? []).map(
    ({ scopeName, operator, values = [] }) => `${scopeName} ${operator} ${values.join()}`,
  );
  return linesFact(t('quota.scopes'), [...(spec?.scopes ?? []), ...selected]);
}

/** The server prints its columns. */
export const quotaView: KindView = { status: quotaStatus, facts: quotaFacts, panels: [QuotaPanel] };
export const limitRangeView: KindView = { panels: [Limits] };
