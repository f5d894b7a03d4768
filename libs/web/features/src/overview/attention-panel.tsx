'use client';

import { type Knowledge, useCluster } from '@binnacle/web-data';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { LivePanel } from '../known/answer.js';
import { attention, type Trouble } from './attention.js';
import { TroubleLine } from './trouble-line.js';

const SHOWN = 8;

/** What somebody should look at, a line for each cause. */
export function AttentionPanel({ troubles, knowledge }: { troubles: readonly Trouble[]; knowledge: Knowledge }) {
  const t = useTranslations();
  const { cluster } = useCluster();
  const [all, setAll] = useState(false);
  const groups = useMemo(() => attention(troubles), [troubles]);
  const none = {
    icon: <CircleCheck className="text-ok" />,
    title: t('overview.allWell'),
    hint: t('overview.allWellHint'),
  };
  return (
    <LivePanel title={t('overview.attention')} knowledge={knowledge} count={groups.length} none={none} rows={3}>
      <ul aria-label={t('overview.attention')}>
        {(all ? groups : groups.slice(0, SHOWN)).map((group) => (
          <TroubleLine key={`${cluster} ${group.key}`} group={group} />
        ))}
      </ul>
      {groups.length > SHOWN && (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="w-full border-t border-line px-4 py-2 text-left text-xs text-ink-2 hover:bg-hover hover:text-ink"
        >
          {all ? t('overview.showFewer') : t('detail.showMore', { count: groups.length - SHOWN })}
        </button>
      )}
    </LivePanel>
  );
}
