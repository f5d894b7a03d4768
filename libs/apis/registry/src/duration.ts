const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Step {
  /** Spans below this many seconds are told by this step. */
  readonly below: number;
  readonly unit: number;
  readonly suffix: string;
  /** The smaller unit that is added where it is not zero. */
  readonly rest?: { readonly unit: number; readonly suffix: string };
}

const STEPS: readonly Step[] = [
  { below: 2 * MINUTE, unit: 1, suffix: 's' },
  { below: 10 * MINUTE, unit: MINUTE, suffix: 'm', rest: { unit: 1, suffix: 's' } },
  { below: 3 * HOUR, unit: MINUTE, suffix: 'm' },
  { below: 8 * HOUR, unit: HOUR, suffix: 'h', rest: { unit: MINUTE, suffix: 'm' } },
  { below: 2 * DAY, unit: HOUR, suffix: 'h' },
  { below: 8 * DAY, unit: DAY, suffix: 'd', rest: { unit: HOUR, suffix: 'h' } },
  { below: 2 * YEAR, unit: DAY, suffix: 'd' },
  { below: 8 * YEAR, unit: YEAR, suffix: 'y', rest: { unit: DAY, suffix: 'd' } },
];

const OLDEST: Step = { below: Number.POSITIVE_INFINITY, unit: YEAR, suffix: 'y' };

/** For how many milliseconds the texts that were written since `printedFor` began stay true. */
let holds = Number.POSITIVE_INFINITY;

/** How long the last text of a span that began some milliseconds ago stays what it is. */
function holdsFor(milliseconds: number, { unit, rest }: Step): number {
  if (milliseconds < 0) return 0;
  const grain = (rest?.unit ?? unit) * 1000;
  return grain - (milliseconds % grain);
}

/**
 * What is printed, and for how many milliseconds it stays true while nothing but time goes on: until the first span in it is to be
 * told with another text. Spans that have ended count as well, which makes it no less true.
 */
export function printedFor<T>(print: () => T): { readonly printed: T; readonly holds: number } {
  holds = Number.POSITIVE_INFINITY;
  const printed = print();
  return { printed, holds };
}

/** A span of milliseconds at two or three significant digits. Behaves as kubernetes apimachinery pkg/util/duration. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  const step = STEPS.find(({ below }) => seconds < below) ?? OLDEST;
  holds = Math.min(holds, holdsFor(milliseconds, step));
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const { unit, suffix, rest } = step;
  const whole = `${Math.floor(seconds / unit)}${suffix}`;
  const left = rest ? Math.floor((seconds % unit) / rest.unit) : 0;
  return rest && left > 0 ? `${whole}${left}${rest.suffix}` : whole;
}
