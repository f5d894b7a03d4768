'use client';

import { cx, StatusGlyph, type Tone, type ToneCounts, TONES } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';

interface StatusFacetsProps {
  readonly counts: ToneCounts;
  readonly active: string;
  /** Events are not healthy or ill but normal or warnings. */
  readonly events: boolean;
  readonly onChange: (tone: string) => void;
}

/** How many stand how, and the way to see only those. */
export function StatusFacets({ counts, active, events, onChange }: StatusFacetsProps) {
  const t = useTranslations();
  const nameOf = (tone: Tone) => (events && tone === 'idle' ? t('overview.normal') : t(`tone.${tone}`));
  const present = TONES.filter((tone) => (counts[tone] ?? 0) > 0 || tone === active);
  if (present.length < 2 && !active) return null;
  return (
    <div role="group" aria-label={t('list.faults')} className="flex flex-wrap items-center gap-1">
      {present.map((tone: Tone) => (
        <button
          key={tone}
          type="button"
          aria-pressed={active === tone}
          onClick={() => onChange(active === tone ? '' : tone)}
          className={cx(
            'inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs text-ink-2 hover:bg-hover hover:text-ink',
            active === tone && 'bg-selected text-ink',
          )}
        >
          <StatusGlyph tone={tone} />
          <span className="max-md:sr-only">{nameOf(tone)}</span>
          <span className="tabular text-ink-3">{counts[tone] ?? 0}</span>
        </button>
      ))}
    </div>
  );
}
