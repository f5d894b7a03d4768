import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html, text } from '../testing/render.js';
import { ActivityChart } from './activity-chart.js';
import type { Activity } from './use-overview.js';

const activityOf = (buckets: Activity['buckets']): Activity => ({
  knowledge: { certainty: 'current', asOf: 0 },
  warnings: [],
  buckets,
  normalCount: buckets.reduce((sum, { normal }) => sum + normal, 0),
  warningCount: buckets.reduce((sum, { warning }) => sum + warning, 0),
});
interface Bar {
  readonly top: number;
  readonly height: number;
}
/** The bars of each minute: what is normal, and the warnings below it. */
function barsOf(activity: Activity): Bar[][] {
  const groups = html(<ActivityChart activity={activity} />).match(/<g>.*?<\/g>/gs) ?? [];
  const number = (tag: string, name: string) => Number(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]);
  return groups.map((group) =>
    (group.match(/<rect[^>]*>/g) ?? []).map((tag) => ({ top: number(tag, 'y'), height: number(tag, 'height') })),
  );
}
const HEIGHT = 56;

describe('what happened in an hour', () => {
  test('is said in words, for those who do not see it', () => {
    const activity = activityOf([
      { normal: 3, warning: 1 },
      { normal: 0, warning: 1 },
    ]);
    expect(text(<ActivityChart activity={activity} />)).toBe(
      '3 normal, 2 warnings in the last hour Normal 3 Warning 2',
    );
    expect(html(<ActivityChart activity={activity} />)).toMatch(/<svg[^>]*aria-hidden="true"/);
  });

  test('stays within its frame, whatever happens, and stands on its ground', () => {
    const bucket = fc.record({ normal: fc.nat(10_000), warning: fc.nat(10_000) });
    fc.assert(
      fc.property(fc.array(bucket, { minLength: 1, maxLength: 60 }), (buckets) => {
        for (const [normal, warning] of barsOf(activityOf(buckets))) {
          if (!normal || !warning) throw new Error('a minute has two bars');
          expect(normal.top).toBeGreaterThanOrEqual(0);
          expect(normal.top + normal.height).toBeCloseTo(warning.top, 5);
          expect(warning.top + warning.height).toBeCloseTo(HEIGHT, 5);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of a quiet hour is drawn low: one event is no mountain', () => {
    const [[normal] = []] = barsOf(activityOf([{ normal: 1, warning: 0 }]));
    expect(normal?.height).toBeLessThan(HEIGHT / 3);
  });
});
