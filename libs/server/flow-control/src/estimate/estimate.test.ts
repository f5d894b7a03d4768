import { expect, it } from 'vitest';
import { estimateList, estimateWrite, type ListWork } from './estimate.js';
import { WatchCounts } from './watch-counts.js';

const list: ListWork = {
  size: { objects: 20_000, bytes: 40_000_000 },
  limit: 0,
  isSingle: false,
  selects: false,
  converts: false,
};

it.each<[reason: string, Partial<ListWork>, mostSeats: number, expected: number]>([
  ['what is not known costs little', { size: undefined }, 50, 1],
  ['one object costs little', { isSingle: true, converts: true }, 50, 1],
  ['bytes that are handed on cost as much as is in memory at a time', {}, 50, 10],
  ['a page costs as much as a page', { limit: 100 }, 50, 2],
  ['what is converted costs by its objects', { converts: true, limit: 5_000 }, 100, 50],
  ['a selector costs by what it looks at', { selects: true, limit: 1 }, 50, 4],
  ['a level bounds what one request takes', { converts: true }, 6, 6],
  ['and where it does not, upstream does', { converts: true }, 0, 100],
])('%s', (_reason, more, mostSeats, expected) => {
  expect(estimateList({ ...list, ...more }, mostSeats).initialSeats).toBe(expected);
});

it('counts those who are told of a write', () => {
  const told = (watches: number) => estimateWrite({ bytes: 2_000, watches }, 5);
  expect(told(9)).toEqual({ initialSeats: 1, finalSeats: 0, additionalLatency: 0 });
  expect(told(35)).toEqual({ initialSeats: 1, finalSeats: 4, additionalLatency: 5 });
  expect(told(100)).toEqual({ initialSeats: 1, finalSeats: 5, additionalLatency: 10 });
});

it.each([
  [100_000, 0, { initialSeats: 1 }],
  [250_000, 0, { initialSeats: 3, finalSeats: 0, isLong: true }],
  [3_000_000, 35, { initialSeats: 5, finalSeats: 4, isLong: true }],
])('a body of %i bytes takes seats by what there is to read, and %i watches theirs', (bytes, watches, seats) => {
  expect(estimateWrite({ bytes, watches }, 5)).toMatchObject(seats);
});

it('knows which watches are told of a change', () => {
  const watches = new WatchCounts();
  const pods = { cluster: 'main', group: '', resource: 'pods', namespace: '', name: '' };
  const forget = watches.add(pods);
  watches.add({ ...pods, namespace: 'a' });
  watches.add({ ...pods, namespace: 'b' });
  watches.add({ ...pods, namespace: 'a', name: 'x' });
  watches.add({ ...pods, cluster: 'other' });
  expect(watches.interestedIn({ ...pods, namespace: 'a', name: 'x' })).toBe(3);
  forget();
  forget();
  expect(watches.interestedIn({ ...pods, namespace: 'a', name: 'y' })).toBe(1);
});
