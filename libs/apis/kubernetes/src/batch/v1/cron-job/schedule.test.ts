import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scheduleProblem } from './schedule.js';
import { isTimeZone } from './time-zone.js';

describe('a schedule', () => {
  it.each([
    '* * * * *',
    '*/5 0-6 1,15 jan-mar MON',
    '0/15 ? * * ?',
    '5 4 * * sun',
    '@daily',
    '@every 1h30m',
    'TZ=Europe/Berlin 0 3 * * *',
    'CRON_TZ=UTC @hourly',
    '  1   2 3 4 5 ',
    ', * * * *',
  ])('%s', (text) => {
    expect(scheduleProblem(text)).toBeUndefined();
  });

  it.each([
    ['', 'empty spec string'],
    ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* 24 * * *', 'end of range (24) above maximum (23): 24'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['* * * 13 *', 'end of range (13) above maximum (12): 13'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['5-3 * * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['*/5/5 * * * *', 'too many slashes: */5/5'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['*/-1 * * * *', 'negative number (-1) not allowed: -1'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['-1 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    ['@never', 'unrecognized descriptor: @never'],
    ['@every day', 'failed to parse duration @every day: time: invalid duration "day"'],
    ['TZ=Atlantis 0 * * * *', 'provided bad location Atlantis: unknown time zone Atlantis'],
    ['TZ=UTC', 'invalid schedule format: runtime error: slice bounds out of range [:-1]'],
  ])('%s: %s', (text, problem) => {
    expect(scheduleProblem(text)).toBe(problem);
  });

  it('of numbers within their bounds is one, whatever they are', () => {
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc
          .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
          .map((ends) => ends.toSorted((a, b) => a - b).join('-')),
      );
    const schedule = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6));
    fc.assert(
      fc.property(schedule, (fields) => {
        expect(scheduleProblem(fields.join(' '))).toBeUndefined();
      }),
    );
  });

  it('of any text is judged', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[@TZ=*/\-,0-9a-z ]{0,20}$/));
    fc.assert(
      fc.property(text, (value) => {
        expect(['string', 'undefined']).toContain(typeof scheduleProblem(value));
      }),
    );
  });
});

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+1', 'US/Pacific'])('%s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each([
    '',
    '/',
    'Europe//Berlin',
    './UTC',
    '../UTC',
    '-UTC',
    'europe/berlin',
    'Europe/Berlin/',
    'Europe/Ber lin',
    '+01',
    'X',
  ])('%s is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
