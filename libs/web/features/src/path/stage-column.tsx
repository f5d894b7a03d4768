'use client';

import { type Stage, stagePassage } from '@binnacle/apis-request-path';
import { cx, StatusGlyph } from '@binnacle/web-ui';
import { ChevronDown, ChevronRight, Lock, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Translate } from '../messages/index.js';
import { PASSAGE_TONES } from './fault-text.js';
import { StopBox } from './stop-box.js';

/** So many boxes stand in a step before somebody asks for more. */
const MOST_STOPS = 6;

/** Whether requests come as far as here. */
export type LinkState = 'open' | 'cut' | 'beyond';

/** The line from one step to the next. */
export function StageLink({ state }: { state: LinkState }) {
  const line = state === 'open' ? 'border-line-strong' : 'border-dashed border-line-strong';
  const sign = state === 'cut' ? 'text-error' : 'text-ink-3';
  return (
    <span
      aria-hidden="true"
      className="flex shrink-0 items-center self-stretch @max-4xl:h-6 @max-4xl:flex-col @max-4xl:self-start @max-4xl:pl-4 @4xl:w-7 @4xl:self-start @4xl:pt-9"
    >
      <span className={cx('flex-1 @max-4xl:border-l @4xl:border-t', line)} />
      <span className={cx('[&>svg]:size-4', sign)}>
        {state === 'cut' ? (
          <X strokeWidth={3} />
        ) : (
          <>
            <ChevronRight className="@max-4xl:hidden" />
            <ChevronDown className="@4xl:hidden" />
          </>
        )}
      </span>
    </span>
  );
}

function Unseen({ why }: { why: 'loading' | 'refused' }) {
  const t = useTranslations('path');
  return (
    <p className="flex items-start gap-1.5 rounded-md border border-dashed border-line-strong px-2.5 py-1.5 text-xs text-ink-2">
      {why === 'refused' && <Lock className="mt-0.5 size-3 shrink-0" aria-hidden="true" />}
      {t(why)}
    </p>
  );
}

/** A step of the way, with all that a request may take there. */
export function StageColumn({ stage }: { stage: Stage }) {
  const t = useTranslations() as unknown as Translate;
  const [all, setAll] = useState(false);
  const { kind, stops, unseen } = stage;
  const passage = stagePassage(stage);
  const shown = all ? stops : stops.slice(0, MOST_STOPS);
  const hidden = stops.length - MOST_STOPS;
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1.5">
      <p className="flex items-center gap-1.5 text-xs font-medium text-ink-2">
        {t(`path.steps.${kind}`)}
        {passage !== 'open' && (
          <>
            <StatusGlyph tone={PASSAGE_TONES[passage]} className="size-3!" />
            <span className="sr-only">{t(`path.passages.${passage}`)}</span>
          </>
        )}
      </p>
      <ul className="flex flex-col gap-1.5">
        {shown.map((stop, index) => (
          <li key={`${stop.kind} ${stop.text} ${index}`}>
            <StopBox stop={stop} />
          </li>
        ))}
        {stops.length === 0 && !unseen && (
          <li className="rounded-md border border-dashed border-line-strong px-2.5 py-1.5 text-xs text-ink-3">
            {t('path.nothing')}
          </li>
        )}
        {unseen && (
          <li>
            <Unseen why={unseen} />
          </li>
        )}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          className="self-start rounded-sm text-xs text-ink-2 underline-offset-3 hover:underline"
        >
          {all ? t('path.fewer') : t('path.more', { count: hidden })}
        </button>
      )}
    </div>
  );
}
