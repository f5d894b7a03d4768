'use client';

import { type Stop, stopPassage } from '@binnacle/apis-request-path';
import { cx, StatusGlyph } from '@binnacle/web-ui';
import { CornerDownRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useContext } from 'react';
import type { Translate } from '../messages/index.js';
import { KindLink } from '../objects/links.js';
import { formatBytes } from '../objects/quantities.js';
import { Mono } from '../objects/text.js';
import { CountsContext } from './counts-context.js';
import { PASSAGE_TONES, stopText } from './fault-text.js';

const BORDERS = {
  open: 'border-line',
  part: 'border-warn',
  doubt: 'border-warn',
  broken: 'border-error',
  unknown: 'border-line',
};

function Name({ stop }: { stop: Stop }) {
  const t = useTranslations() as unknown as Translate;
  const text = stopText(t, stop);
  const isNamed = stop.ref && stop.ref.name === stop.text;
  return (
    <span className="min-w-0 break-all">
      {stop.ref && isNamed ? <KindLink {...stop.ref}>{text}</KindLink> : <Mono>{text}</Mono>}
    </span>
  );
}

/** The container that a Pod leads to by itself. */
function Then({ stop }: { stop: Stop }) {
  return (
    <p className="mt-1 flex items-start gap-1 border-t border-line pt-1 text-xs text-ink-2">
      <CornerDownRight className="mt-0.5 size-3 shrink-0 text-ink-3" aria-hidden="true" />
      <span className="min-w-0 break-all">
        {stop.more && `${stop.more} `}
        <Mono>{stop.text}</Mono>
      </span>
    </p>
  );
}

/** What has gone by a box so far. */
function Traffic({ stop }: { stop: Stop }) {
  const t = useTranslations('path');
  const counts = useContext(CountsContext)(stop);
  if (!counts) return null;
  const { active, total, bytes, failed } = counts;
  return (
    <p className="mt-1 border-t border-line pt-1 text-xs text-ink-2 tabular" data-traffic="">
      {t('traffic', { active, total, bytes: formatBytes(bytes) })}
      {failed > 0 && <span className="block text-warn">{t('failed', { failed })}</span>}
    </p>
  );
}

/** One box of the way: what it is, and how it stands. */
export function StopBox({ stop }: { stop: Stop }) {
  const t = useTranslations() as unknown as Translate;
  const passage = stopPassage(stop);
  const isPlain = passage === 'open';
  return (
    <div className={cx('min-w-0 rounded-md border bg-surface px-2.5 py-1.5 text-sm', BORDERS[passage])}>
      <p className="flex items-start gap-1.5">
        {!isPlain && (
          <>
            <StatusGlyph tone={PASSAGE_TONES[passage]} className="mt-0.75" />
            <span className="sr-only">{t(`path.passages.${passage}`)} </span>
          </>
        )}
        <Name stop={stop} />
      </p>
      <p className="text-xs break-words text-ink-3">
        {t(`path.stops.${stop.kind}`)}
        {stop.more && <span className="break-all"> {stop.more}</span>}
      </p>
      {stop.then && <Then stop={stop.then} />}
      <Traffic stop={stop} />
    </div>
  );
}
