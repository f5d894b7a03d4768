import { cronJob, job } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { runsOf, upcoming, zoneOf } from './cron-runs.js';

const AFTER = Date.parse('2026-03-28T12:00:00Z');
const times = (spec: object, count = 3) =>
  upcoming(cronJob({ spec }), AFTER, count).map((time) => new Date(time).toISOString());

describe('the next runs of a CronJob', () => {
  test('are by the clocks of its zone, which are put forward that night', () => {
    expect(times({ schedule: '30 6 * * *', timeZone: 'Europe/Berlin' })).toEqual([
      '2026-03-29T04:30:00.000Z',
      '2026-03-30T04:30:00.000Z',
      '2026-03-31T04:30:00.000Z',
    ]);
  });

  test('are by UTC where it names no zone', () => {
    expect(times({ schedule: '0 6 * * *' }, 1)).toEqual(['2026-03-29T06:00:00.000Z']);
  });

  test.each([
    ['while it rests', { schedule: '* * * * *', suspend: true }],
    ['of a schedule that is never met', { schedule: '0 0 31 2 *' }],
    ['of one that cannot be read', { schedule: 'every minute' }],
  ])('are none %s', (_, spec) => {
    expect(times(spec)).toEqual([]);
  });

  test.each([
    [{ timeZone: 'Asia/Tokyo' }, 'Asia/Tokyo'],
    [{}, 'UTC'],
    [{ schedule: 'TZ=Asia/Tokyo * * * * *' }, 'Asia/Tokyo'],
    [{ timeZone: 'Nowhere/AtAll' }, 'UTC'],
  ])('%j goes by the clocks of %s', (spec, zone) => {
    expect(zoneOf(cronJob({ spec }))).toBe(zone);
  });
});

describe('the last runs', () => {
  const run = (name: string, startTime: string, annotations: Record<string, string>, status: object) =>
    job({ metadata: { name, annotations }, status: { startTime, ...status } }) as KubeObject as UnstructuredObject;
  const SCHEDULED = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T01:00:00Z' };
  const good = run('good', '2026-01-01T01:00:01Z', SCHEDULED, { completionTime: '2026-01-01T01:00:09Z' });
  const bad = run('bad', '2026-01-01T02:00:00Z', SCHEDULED, {
    conditions: [{ type: 'Failed', status: 'True', lastTransitionTime: '2026-01-01T02:01:00Z' }],
  });
  const now = run('now', '2026-01-01T03:00:00Z', { 'cronjob.kubernetes.io/instantiate': 'manual' }, { active: 1 });

  test('stand with the latest first, and say when each ended and who began it', () => {
    const runs = runsOf([good, now, bad]).map(({ job: of, ended, byHand, scheduled }) => [
      of.metadata.name,
      ended,
      byHand,
      scheduled,
    ]);
    expect(runs).toEqual([
      ['now', undefined, true, undefined],
      ['bad', '2026-01-01T02:01:00Z', false, '2026-01-01T01:00:00Z'],
      ['good', '2026-01-01T01:00:09Z', false, '2026-01-01T01:00:00Z'],
    ]);
  });
});
