'use client';

import { cx, StatusGlyph, type Tone } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { INDEX_STATES, type IndexCell, type IndexState } from './index-cells.js';

const TONES: Readonly<Record<IndexState, Tone>> = {
  failed: 'error',
  active: 'progress',
  waiting: 'idle',
  succeeded: 'ok',
};
/** Each state has a height of its own beside its colour. */
const MARKS: Readonly<Record<IndexState, string>> = {
  failed: 'h-6 bg-error',
  active: 'h-4.5 bg-progress',
  waiting: 'h-1.5 bg-line-strong',
  succeeded: 'h-3 bg-ok',
};

interface IndexStripProps {
  readonly cells: readonly IndexCell[];
  readonly counts: Readonly<Record<IndexState, number>>;
}

/** Every index of a Job side by side; the same is said in words below. */
export function IndexStrip({ cells, counts }: IndexStripProps) {
  const t = useTranslations('batch');
  const said = INDEX_STATES.filter((state) => counts[state] > 0).map((state) =>
    t(`index.${state}`, { count: counts[state] }),
  );
  const titleOf = ({ first, last, state }: IndexCell) => {
    const which = first === last ? t('indexOne', { index: first }) : t('indexRange', { first, last });
    return `${which}: ${t(`state.${state}`)}`;
  };
  return (
    <div className="flex flex-col gap-2">
      <div role="img" aria-label={`${t('indexes')}: ${said.join(', ')}`} className="flex h-7 items-end gap-px">
        {cells.map((cell) => (
          <span
            key={cell.first}
            title={titleOf(cell)}
            data-state={cell.state}
            className={cx('max-w-4 min-w-px flex-1 rounded-xs', MARKS[cell.state])}
          />
        ))}
      </div>
      <ul aria-hidden="true" className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
        {INDEX_STATES.filter((state) => counts[state] > 0).map((state) => (
          <li key={state} className="tabular flex items-center gap-1.5">
            <StatusGlyph tone={TONES[state]} />
            {t(`index.${state}`, { count: counts[state] })}
          </li>
        ))}
      </ul>
    </div>
  );
}
