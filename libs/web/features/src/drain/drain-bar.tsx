'use client';

import { Button, NoticeBar } from '@binnacle/web-ui';
import { LogOut, Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { KindLink } from '../objects/links.js';
import type { Drain } from './drain.js';
import { drainCounts } from './drain-progress.js';
import { useDrains, useDrainState, useLeaveWarning } from './use-drains.js';

function Running({ drain }: { drain: Drain }) {
  const t = useTranslations('drain');
  const state = useDrainState(drain);
  useLeaveWarning(state.phase === 'running');
  if (state.phase !== 'running') return null;
  return (
    <NoticeBar
      tone="info"
      role="status"
      icon={<LogOut aria-hidden="true" />}
      actions={
        <Button className="h-7!" icon={<Square aria-hidden="true" />} onClick={() => drain.stop()}>
          {t('stop')}
          <span className="sr-only"> {drain.node}</span>
        </Button>
      }
    >
      {t('title')}: <KindLink apiVersion="v1" kind="Node" name={drain.node} /> ·{' '}
      <span className="tabular">{t('counts', drainCounts(state))}</span>
    </NoticeBar>
  );
}

/** The drains that run, on every page: they go on as long as this one is open. */
export function DrainBars() {
  return useDrains().map((drain) => <Running key={drain.node} drain={drain} />);
}
