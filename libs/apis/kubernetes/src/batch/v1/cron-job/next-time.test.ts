import { parseSchedule } from './schedule.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTime } from './next-time.js';
import { clockAt, formatIn } from './zone.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function next(schedule: string, after: string, zone?: string): string | undefined {
  const time = nextTime(parseSchedule(schedule), Date.parse(after), zone);
  return time === undefined ? undefined : formatIn(time, zone);
}

// Of robfig/cron's own tests of the same, where clocks are not put forward or back in the midst.
describe('the next time', () => {
  test.each([
    ['0/15 * * * *', '2012-07-09T14:45:00Z', '2012-07-09T15:00:00Z'],
    ['0/15 * * * *', '2012-07-09T14:59:59Z', '2012-07-09T15:00:00Z'],
    ['20-35/15 * * * *', '2012-07-09T15:45:00Z', '2012-07-09T16:20:00Z'],
    ['*/15 10-12/2 * * *', '2012-07-09T23:46:00Z', '2012-07-10T10:00:00Z'],
    ['0 0 * feb mon', '2012-07-09T23:35:00Z', '2013-02-04T00:00:00Z'],
    ['0 0 29 2 ?', '2012-07-09T23:35:00Z', '2016-02-29T00:00:00Z'],
    ['0 0 31 12 *', '2012-12-31T00:00:00Z', '2013-12-31T00:00:00Z'],
    ['0 0 1,15 * sun', '2012-07-09T00:00:00Z', '2012-07-15T00:00:00Z'],
    ['0 0 13 * fri', '2012-07-01T00:00:00Z', '2012-07-06T00:00:00Z'],
    ['0 0 */10 * sun', '2012-07-02T00:00:00Z', '2012-07-08T00:00:00Z'],
    ['0 0 30 feb ?', '2012-07-09T00:00:00Z', undefined],
    ['@monthly', '2012-07-09T00:00:00Z', '2012-08-01T00:00:00Z'],
    ['@weekly', '2012-07-09T00:00:00Z', '2012-07-15T00:00:00Z'],
    ['@yearly', '2012-07-09T00:00:00Z', '2013-01-01T00:00:00Z'],
    ['@hourly', '2012-07-09T00:00:00Z', '2012-07-09T01:00:00Z'],
    ['@every 1h30m', '2012-07-09T00:00:00.900Z', '2012-07-09T01:30:00Z'],
    ['@every 10ms', '2012-07-09T00:00:00Z', '2012-07-09T00:00:01Z'],
  ])('%s after %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });
});

describe('the next time in a zone', () => {
  test.each([
    ['at its own hour', '0 3 * * *', 'Europe/Berlin', '2026-01-01T00:00:00Z', '2026-01-01T03:00:00+01:00'],
    ['at its own day', '0 0 * * *', 'Asia/Kolkata', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00+05:30'],
    [
      'passes an hour that is left out',
      '30 2 * * *',
      'America/New_York',
      '2012-03-10T12:00:00-05:00',
      '2012-03-12T02:30:00-04:00',
    ],
    [
      'goes on every hour over the gap',
      '0 * * * *',
      'America/New_York',
      '2012-03-11T01:00:00-05:00',
      '2012-03-11T03:00:00-04:00',
    ],
    [
      'every hour, also the one that comes twice',
      '0 * * * *',
      'America/New_York',
      '2012-11-04T01:00:00-04:00',
      '2012-11-04T01:00:00-05:00',
    ],
    [
      'once a day, though an hour comes twice',
      '0 1 * * *',
      'America/New_York',
      '2012-11-04T00:00:00-04:00',
      '2012-11-04T01:00:00-04:00',
    ],
    [
      'again in the hour that comes twice',
      '0 1 * * *',
      'America/New_York',
      '2012-11-04T01:00:00-04:00',
      '2012-11-04T01:00:00-05:00',
    ],
    [
      'where midnight is left out, not on that day',
      '0 0 * * *',
      'America/Sao_Paulo',
      '2018-11-03T12:00:00-03:00',
      '2018-11-05T00:00:00-02:00',
    ],
    [
      'where midnight is left out, later that day',
      '0 5 4 * *',
      'America/Sao_Paulo',
      '2018-11-03T12:00:00-03:00',
      '2018-11-04T05:00:00-02:00',
    ],
  ])('%s', (_, schedule, zone, after, expected) => {
    expect(next(schedule, after, zone)).toBe(expected);
  });

  test('is none where a day is left out and the walk would not get over it', () => {
    expect(next('0 0 31 12 *', '2011-12-27T12:00:00Z', 'Pacific/Apia')).toBeUndefined();
  });

  test('is at the full minute of clocks that are ahead by parts of one', () => {
    expect(nextTime(parseSchedule('0 0 * * *'), Date.parse('1900-01-01T00:00:00Z'), 'Africa/Monrovia')).toBe(
      Date.parse('1900-01-01T00:43:08Z'),
    );
  });

  test('that stands in the schedule counts before the other', () => {
    expect(next('TZ=Asia/Tokyo 0 3 * * *', '2026-01-01T00:00:00Z', 'Europe/Berlin')).toBe('2026-01-01T19:00:00+01:00');
  });
});

const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map((ends) => ends.toSorted((a, b) => a - b).join('-')),
  );
const calendars = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), fc.constant('*'), field(0, 6))
  .map((fields) => fields.join(' '));
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
const moments = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });

/** Whether clocks of the zone show a time of the schedule, by asking each part and not by walking. */
function fits(schedule: string, time: number, zone: string): boolean {
  const { calendar } = parseSchedule(schedule);
  if (!calendar || time % MINUTE !== 0) return false;
  const shown = clockAt(time, zone);
  const byDate = calendar.days.has(shown.getUTCDate());
  const byWeekday = calendar.weekdays.has(shown.getUTCDay());
  return (
    calendar.minutes.has(shown.getUTCMinutes()) &&
    calendar.hours.has(shown.getUTCHours()) &&
    calendar.months.has(shown.getUTCMonth() + 1) &&
    (calendar.dayInBoth ? byDate && byWeekday : byDate || byWeekday)
  );
}

describe('every next time', () => {
  test('is later, and one of the schedule', () => {
    fc.assert(
      fc.property(calendars, zones, moments, (schedule, zone, after) => {
        const time = nextTime(parseSchedule(schedule), after, zone);
        expect(time).toBeGreaterThan(after);
        expect(fits(schedule, time ?? 0, zone)).toBe(true);
      }),
    );
  });

  test('leaves none out in between, where clocks go evenly', () => {
    fc.assert(
      fc.property(calendars, moments, (schedule, after) => {
        const time = nextTime(parseSchedule(schedule), after) ?? 0;
        const until = Math.min(time, after + DAY / 4);
        for (let each = Math.floor(after / MINUTE + 1) * MINUTE; each < until; each += MINUTE)
          expect(fits(schedule, each, 'UTC')).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});
