'use client';

import { Button, Panel, Status, type Tone, ToneBar } from '@binnacle/web-ui';
import { Square, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { PodLink } from '../objects/pod-link.js';
import { RowsTable } from '../objects/rows-panel.js';
import type { PanelProps } from '../view/kind-view.js';
import type { Drain, DrainState, EvictionState } from './drain.js';
import { drains } from './drains.js';
import { useDrains, useDrainState } from './use-drains.js';

const TONES: Readonly<Record<EvictionState, Tone>> = {
  waiting: 'idle',
  asked: 'progress',
  refused: 'warn',
  leaving: 'progress',
  gone: 'ok',
  failed: 'error',
};
const PHASE_TONES = { running: 'progress', done: 'ok', stopped: 'idle', failed: 'error' } as const;
/** What wants looking at stands first, what is done last. */
const ORDER: readonly EvictionState[] = ['failed', 'refused', 'asked', 'leaving', 'waiting', 'gone'];

export function drainCounts({ evictions }: DrainState) {
  const count = (...states: EvictionState[]) => evictions.filter(({ state }) => states.includes(state)).length;
  return { gone: count('gone'), total: evictions.length, refused: count('refused'), failed: count('failed') };
}

/** It can be stopped while it runs, and put away when it has ended. */
function DrainButtons({ drain, running }: { drain: Drain; running: boolean }) {
  const t = useTranslations('drain');
  if (running) {
    return (
      <Button className="h-7!" icon={<Square aria-hidden="true" />} onClick={() => drain.stop()}>
        {t('stop')}
      </Button>
    );
  }
  return (
    <Button className="h-7!" variant="ghost" icon={<X aria-hidden="true" />} onClick={() => drains.remove(drain)}>
      {t('dismiss')}
    </Button>
  );
}

function Progress({ drain }: { drain: Drain }) {
  const t = useTranslations('drain');
  const state = useDrainState(drain);
  const { gone, total, refused, failed } = drainCounts(state);
  const sorted = [...state.evictions].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const rows = sorted.map(({ pod, state: of, message }) => [
    <PodLink key="pod" pod={pod as Pod} />,
    <Status key="state" tone={TONES[of]}>
      {t(`state.${of}`)}
    </Status>,
    <span key="said" className="break-words text-ink-2">
      {message}
    </span>,
  ]);
  return (
    <Panel title={t('title')} actions={<DrainButtons drain={drain} running={state.phase === 'running'} />} flush>
      <div className="flex flex-col gap-2 px-4 py-3 text-sm">
        <p role="status" className="flex flex-wrap items-center gap-x-3">
          <Status tone={PHASE_TONES[state.phase]}>{t(`phase.${state.phase}`)}</Status>
          <span className="tabular">{t('counts', { gone, total, refused })}</span>
        </p>
        <ToneBar counts={{ ok: gone, warn: refused, error: failed, idle: total - gone - refused - failed }} />
        {state.phase === 'stopped' && <p className="text-ink-2">{t('stoppedHint')}</p>}
        {state.message && state.evictions.length === 0 && <p className="text-error">{state.message}</p>}
      </div>
      {rows.length > 0 && <RowsTable title={t('title')} head={[t('pod'), t('outcome'), t('said')]} rows={rows} />}
    </Panel>
  );
}

/** How far the drain of a node has come that was begun in this page. Nothing where there is none. */
export function DrainProgress({ object }: PanelProps) {
  const drain = useDrains().find(({ node }) => node === object.metadata.name);
  return drain ? <Progress drain={drain} /> : null;
}
