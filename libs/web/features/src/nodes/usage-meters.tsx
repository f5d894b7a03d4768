'use client';

import { Meter } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { formatBytes, formatCores } from '../objects/quantities.js';
import type { NodeUsage } from './node-usage.js';

type Amounts = NodeUsage['cpu'];

export function UsageMeter({
  label,
  amounts,
  format,
}: {
  label: string;
  amounts: Amounts;
  format: (value: number) => string;
}) {
  const share = amounts.total > 0 ? amounts.used / amounts.total : 0;
  return <Meter share={share} label={label} text={`${format(amounts.used)} / ${format(amounts.total)}`} />;
}

/** Pods, CPU and memory of a node, side by side. */
export function UsageMeters({ usage }: { usage: NodeUsage }) {
  const t = useTranslations('columns');
  const entries = [
    { label: t('pods'), amounts: usage.pods, format: String },
    { label: t('cpu'), amounts: usage.cpu, format: formatCores },
    { label: t('memory'), amounts: usage.memory, format: formatBytes },
  ];
  return (
    <dl className="grid gap-x-8 gap-y-3 sm:grid-cols-3">
      {entries.map((entry) => (
        <div key={entry.label}>
          <dt className="mb-1 text-xs text-ink-3">{entry.label}</dt>
          <dd>
            <UsageMeter {...entry} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
