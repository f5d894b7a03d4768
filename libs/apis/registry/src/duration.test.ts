import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { humanDuration, printedFor } from './duration.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('humanDuration', () => {
  it.each([
    ['a clock that is a little behind reads as now', -SECOND, '0s'],
    ['a time in the future is told plainly', -2 * SECOND, '<invalid>'],
    ['seconds below two minutes', 119 * SECOND, '119s'],
    ['minutes with seconds below ten minutes', 2 * MINUTE + 5 * SECOND, '2m5s'],
    ['zero seconds are left out', 3 * MINUTE, '3m'],
    ['minutes alone below three hours', 179 * MINUTE + 59 * SECOND, '179m'],
    ['hours with minutes below eight hours', 3 * HOUR + MINUTE, '3h1m'],
    ['hours alone below two days', 47 * HOUR + 59 * MINUTE, '47h'],
    ['days with hours below eight days', 2 * DAY + HOUR, '2d1h'],
    ['days alone below two years', 400 * DAY, '400d'],
    ['years with days below eight years', 731 * DAY, '2y1d'],
    ['years alone', 9 * 365 * DAY + DAY, '9y'],
  ])('%s', (_reason, span, text) => {
    expect(humanDuration(span)).toBe(text);
  });
});

describe('printedFor', () => {
  const textOf = (span: number) => printedFor(() => humanDuration(span));

  it('tells for how long a text stays true, and no longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 * 365 * DAY }), (span) => {
        const { printed, holds } = textOf(span);
        expect(humanDuration(span + holds - 1)).toBe(printed);
        expect(humanDuration(span + holds)).not.toBe(printed);
      }),
    );
  });

  it('is bound by the text that changes first', () => {
    expect(printedFor(() => [humanDuration(3 * DAY), humanDuration(20 * MINUTE + 1), humanDuration(HOUR)]).holds).toBe(
      MINUTE - 1,
    );
  });

  it('keeps nothing of what lies ahead, and all of what says nothing of time', () => {
    expect(textOf(-SECOND).holds).toBe(0);
    expect(printedFor(() => 'web').holds).toBe(Number.POSITIVE_INFINITY);
  });
});
