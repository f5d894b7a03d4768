'use client';

import { Status, Tag } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { KindLink } from '../objects/links.js';
import { PodLink } from '../objects/pod-link.js';
import { RowsTable } from '../objects/rows-panel.js';
import { None } from '../objects/text.js';
import type { BudgetVerdict, PodFate } from './drain-plan.js';

const VERDICT_TONES = { allows: 'ok', waits: 'progress', blocks: 'error', several: 'error' } as const;

function Verdict({ verdict }: { verdict: BudgetVerdict | undefined }) {
  const t = useTranslations('drain');
  if (!verdict) return <None />;
  const { kind, budget } = verdict;
  const { metadata, status } = budget;
  const { currentHealthy: has = 0, desiredHealthy: needs = 0 } = status ?? {};
  return (
    <span className="flex flex-col gap-0.5">
      <KindLink
        apiVersion="policy/v1"
        kind="PodDisruptionBudget"
        namespace={metadata.namespace}
        name={metadata.name ?? ''}
      />
      <Status tone={VERDICT_TONES[kind]}>{t(`verdict.${kind}`, { has, needs })}</Status>
    </span>
  );
}

function Outcome({ fate: { stays, loses } }: { fate: PodFate }) {
  const t = useTranslations('drain');
  if (stays) return <Status tone="idle">{t(`stays.${stays}`)}</Status>;
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <Status tone="progress">{t('goes')}</Status>
      {loses.map((loss) => (
        <Tag key={loss} tone="error">
          {t(`loses.${loss}`)}
        </Tag>
      ))}
    </span>
  );
}

/** What draining does to each Pod of the node: those that go, what is lost with them, which budgets hold them, and those that stay. */
export function DrainPreview({ fates }: { fates: readonly PodFate[] }) {
  const t = useTranslations('drain');
  const rows = fates.map((fate) => [
    <span key="pod" className="flex flex-col">
      <PodLink pod={fate.pod} />
      <span className="text-xs text-ink-3">{fate.pod.metadata.namespace}</span>
    </span>,
    <Outcome key="outcome" fate={fate} />,
    <Verdict key="verdict" verdict={fate.verdict} />,
  ]);
  return <RowsTable title={t('preview')} head={[t('pod'), t('outcome'), t('budget')]} rows={rows} />;
}
