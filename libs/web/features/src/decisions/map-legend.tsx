'use client';

import { cx } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { cellClass } from './cell-class.js';
import { type NodeMark, STEPS } from './node-marks.js';

const VERDICTS = ['chosen', 'refused', 'unseen'] as const;

function Shades({ least, most }: { least: number; most: number }) {
  const t = useTranslations('decisions');
  return (
    <span className="flex items-center gap-1.5">
      <span title={t('lowest')}>{least}</span>
      <span aria-hidden="true" className="flex gap-0.5">
        {Array.from({ length: STEPS }, (_, step) => (
          <span key={step} className={cx('size-3', cellClass({ verdict: 'takes', step }))} />
        ))}
      </span>
      <span title={t('highest')}>{most}</span>
    </span>
  );
}

/** What the colours and shapes stand for. */
export function MapLegend({ marks }: { marks: readonly NodeMark[] }) {
  const t = useTranslations('decisions.legend');
  const totals = marks.flatMap(({ total }) => (total === undefined ? [] : [total]));
  const [least, most] = totals.reduce(([low, high], total) => [Math.min(low, total), Math.max(high, total)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as readonly [number, number]);
  const takes = marks.some(({ verdict }) => verdict === 'takes');
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-ink-3">
      {takes && (
        <span className="flex items-center gap-1.5">
          {totals.length > 0 ? (
            <Shades least={least} most={most} />
          ) : (
            <span aria-hidden="true" className={cx('size-3', cellClass({ verdict: 'takes' }))} />
          )}
          {t('takes')}
        </span>
      )}
      {VERDICTS.filter((verdict) => marks.some((mark) => mark.verdict === verdict)).map((verdict) => (
        <span key={verdict} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={cx('size-3', cellClass({ verdict }))} />
          {t(verdict)}
        </span>
      ))}
    </div>
  );
}
