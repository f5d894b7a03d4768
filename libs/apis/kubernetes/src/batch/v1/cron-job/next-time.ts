import type { Calendar, Schedule } from './schedule.js';
import { clockAt, momentOf } from './zone.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Where nothing is found for so long nothing ever will be. */
const MOST_YEARS = 5;
/** Looks at the clock: ten times as many as five years need. Where clocks leave out days a walk may never get on. */
const MOST_LOOKS = 20_000;

/** A moment that is moved on until every part of it fits. */
class Walk {
  /** Once a part has been moved on, all below it begin at their first. */
  private moved = false;
  private looks = 0;

  constructor(
    public time: number,
    private readonly zone: string | undefined,
  ) {}

  get shown(): Date {
    this.looks += 1;
    return clockAt(this.time, this.zone);
  }

  get isLost(): boolean {
    return this.looks > MOST_LOOKS;
  }

  /** The first time a part is moved on, everything below it is set to its beginning. */
  begin(of: (shown: Date) => number): void {
    if (this.moved) return;
    this.moved = true;
    this.time = momentOf(of(this.shown), this.zone);
  }

  toDate(year: number, month: number, day: number): void {
    const shown = this.shown;
    const within = shown.getTime() % (24 * HOUR);
    this.time = momentOf(Date.UTC(year, month, day) + within, this.zone);
  }
}

const startOfMonth = (shown: Date) => Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth(), 1);
const startOf = (unit: number) => (shown: Date) => Math.floor(shown.getTime() / unit) * unit;

/** Each step moves one part on until it fits; true where that went over into the next part above. */
type Step = (walk: Walk, calendar: Calendar) => boolean;

const month: Step = (walk, { months }) => {
  while (!walk.isLost && !months.has(walk.shown.getUTCMonth() + 1)) {
    walk.begin(startOfMonth);
    const { shown } = walk;
    walk.toDate(shown.getUTCFullYear(), shown.getUTCMonth() + 1, shown.getUTCDate());
    if (walk.shown.getUTCMonth() === 0) return true;
  }
  return false;
};

function dayFits(shown: Date, { days, weekdays, dayInBoth }: Calendar): boolean {
  const [byDate, byWeekday] = [days.has(shown.getUTCDate()), weekdays.has(shown.getUTCDay())];
  return dayInBoth ? byDate && byWeekday : byDate || byWeekday;
}

/** Where clocks are put forward at midnight the day begins at one, or the step ended an hour short. */
function toMidnight(walk: Walk): void {
  const hour = walk.shown.getUTCHours();
  if (hour > 12) walk.time += (24 - hour) * HOUR;
  else walk.time -= hour * HOUR;
}

const day: Step = (walk, calendar) => {
  while (!walk.isLost && !dayFits(walk.shown, calendar)) {
    walk.begin(startOf(24 * HOUR));
    const { shown } = walk;
    walk.toDate(shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate() + 1);
    toMidnight(walk);
    if (walk.shown.getUTCDate() === 1) return true;
  }
  return false;
};

const hour: Step = (walk, { hours }) => {
  while (!walk.isLost && !hours.has(walk.shown.getUTCHours())) {
    walk.begin(startOf(HOUR));
    walk.time += HOUR;
    if (walk.shown.getUTCHours() === 0) return true;
  }
  return false;
};

const minute: Step = (walk, { minutes }) => {
  while (!walk.isLost && !minutes.has(walk.shown.getUTCMinutes())) {
    walk.begin(startOf(MINUTE));
    walk.time += MINUTE;
    if (walk.shown.getUTCMinutes() === 0) return true;
  }
  return false;
};

/** Schedules know no seconds: each is at the beginning of its minute. */
const second: Step = (walk) => {
  const past = walk.shown.getUTCSeconds() * SECOND;
  if (past === 0) return false;
  walk.begin((shown) => shown.getTime());
  walk.time += MINUTE - past;
  return true;
};

const STEPS: readonly Step[] = [month, day, hour, minute, second];

function nextOf(calendar: Calendar, after: number, zone: string | undefined): number | undefined {
  const walk = new Walk(Math.floor(after / SECOND) * SECOND + SECOND, zone);
  const lastYear = walk.shown.getUTCFullYear() + MOST_YEARS;
  while (!walk.isLost && walk.shown.getUTCFullYear() <= lastYear) {
    if (!STEPS.some((step) => step(walk, calendar))) return walk.isLost ? undefined : walk.time;
  }
  return undefined;
}

/**
 * The first time after a moment at which a schedule says something happens, in a zone; undefined where there is none for five
 * years. Behaves as robfig/cron, clocks that are put forward and back included.
 */
export function nextTime(
  { calendar, every = 0, zone: own }: Schedule,
  after: number,
  zone?: string,
): number | undefined {
  if (!calendar) return Math.floor(after / SECOND) * SECOND + every;
  return nextOf(calendar, after, own ?? zone);
}
