import { cx } from './class-names.js';
import { TONE_FILL, type Tone, TONES } from './status.js';

interface MeterProps {
  /** 0 to 1. */
  readonly share: number;
  readonly label: string;
  readonly text: string;
  /** Much of it is no warning. */
  readonly plain?: boolean;
  /** As wide as there is room. */
  readonly wide?: boolean;
}

/** How much of something is used, with the figures beside it. */
export function Meter({ share, label, text, plain = false, wide = false }: MeterProps) {
  const percent = Math.round(Math.min(Math.max(share, 0), 1) * 100);
  // Little is still seen to be more than nothing.
  const width = Math.max(percent, share > 0 ? 2 : 0);
  const fill = plain ? 'bg-accent' : share > 0.9 ? 'bg-error' : share > 0.75 ? 'bg-warn' : 'bg-accent';
  return (
    <span className="flex items-center gap-2">
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className={cx('h-1.5 overflow-hidden rounded-full bg-line', wide ? 'min-w-16 flex-1' : 'w-16 shrink-0')}
      >
        <span className={cx('block h-full rounded-full', fill)} style={{ width: `${width}%` }} />
      </span>
      <span className="tabular truncate text-xs text-ink-2">{text}</span>
    </span>
  );
}

export type ToneCounts = Readonly<Partial<Record<Tone, number>>>;

/** One bar, a part per tone; the figures are said beside it. */
export function ToneBar({ counts }: { counts: ToneCounts }) {
  const parts = TONES.map((tone) => ({ tone, count: counts[tone] ?? 0 })).filter((part) => part.count > 0);
  return (
    <span aria-hidden="true" className="flex h-1.5 w-full gap-0.5 overflow-hidden rounded-full bg-line">
      {parts.map(({ tone, count }) => (
        <span
          key={tone}
          className={cx('h-full min-w-1 transition-[flex-grow] duration-300', TONE_FILL[tone])}
          style={{ flexGrow: count }}
        />
      ))}
    </span>
  );
}
