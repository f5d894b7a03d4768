import { expect, it } from 'vitest';
import { dueBetween } from './due-times.js';

const at = (text: string) => Date.parse(`${text}Z`);
const due = (schedule: string, zone: string, after: string, until: string) =>
  dueBetween(schedule, zone, at(after), at(until)).map((time) => new Date(time).toISOString().slice(0, 16));

it('steps, lists and ranges are counted by the wall clock of the zone', () => {
  expect(due('*/20 9-10 * * *', 'Etc/UTC', '2026-03-07T09:30', '2026-03-07T10:30')).toEqual([
    '2026-03-07T09:40',
    '2026-03-07T10:00',
    '2026-03-07T10:20',
  ]);
  expect(due('0 3,9 * * *', 'Asia/Kathmandu', '2026-03-07T00:00', '2026-03-08T00:00')).toEqual([
    '2026-03-07T03:15',
    '2026-03-07T21:15',
  ]);
});

it('after one time, and until another', () => {
  expect(due('* * * * *', 'Etc/UTC', '2026-03-07T09:30', '2026-03-07T09:32')).toEqual([
    '2026-03-07T09:31',
    '2026-03-07T09:32',
  ]);
});

it('an hour that a clock skips has no times', () => {
  expect(due('30 2 * * *', 'America/New_York', '2026-03-08T00:00', '2026-03-09T00:00')).toEqual([]);
});

it('of a day of the month and a day of the week either will do', () => {
  expect(due('0 0 9 * 6', 'Etc/UTC', '2026-03-06T12:00', '2026-03-10T00:00')).toEqual([
    '2026-03-07T00:00',
    '2026-03-09T00:00',
  ]);
});
