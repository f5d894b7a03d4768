import { cx } from './class-names.js';
import { TONE_FILL, type Tone, TONES } from './status.js';

/** How much of something is used, with the figures beside it. `share` is 0 to 1. */
export function Meter({ share, label, text }: { share: number; label: string; text: string }) {
  const percent = Math.round(Math.min(Math.max(share, 0), 1) * 100);
  // Little is still seen to be more than nothing.
  const width = Math.max(percent, share > 0 ? 2 : 0);
  const fill = share > 0.9 ? 'bg-error' : share > 0.75 ? 'bg-warn' : 'bg-accent';
  return (
    <span className="flex items-center gap-2">
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="h-1.5 w-16 shrink-0 overflow-hidden rounded-full bg-line"
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
