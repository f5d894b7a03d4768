'use client';

import { ANNOTATION_LAST_APPLIED_CONFIG } from '@binnacle/apis-kubernetes/well-known';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';

/** What kubectl keeps for itself; long and of no use to a reader. */
const HIDDEN = new Set([ANNOTATION_LAST_APPLIED_CONFIG]);

/** Labels or annotations. */
export function PairsPanel({ title, pairs = {} }: { title: string; pairs?: Record<string, string> | undefined }) {
  const t = useTranslations('detail');
  const entries = Object.entries(pairs).filter(([key]) => !HIDDEN.has(key));
  return (
    <Panel title={title} count={entries.length}>
      {entries.length === 0 ? (
        <p className="text-sm text-ink-3">{t('none')}</p>
      ) : (
        <ul className="flex flex-col gap-1.5 font-mono text-xs">
          {entries.map(([key, value]) => (
            <li key={key} className="break-all">
              <span className="text-ink-3">{key}</span>
              <span className="text-ink-3">=</span>
              <span className="text-ink">{value}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
