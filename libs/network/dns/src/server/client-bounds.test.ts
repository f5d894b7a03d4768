import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { ClientBounds } from './client-bounds.js';

const clock = new FakeClock();
const bounds = () => new ClientBounds(clock, { questionsPerSecond: 10, connections: 2 });
const admitted = (all: ClientBounds, address: string, times: number) =>
  Array.from({ length: times }, () => all.admits(address)).filter(Boolean).length;

test('an address may ask so often a second, and others are not concerned', () => {
  const all = bounds();
  expect([admitted(all, 'a', 15), admitted(all, 'b', 5)]).toEqual([10, 5]);
  clock.step(500);
  expect([admitted(all, 'a', 15), admitted(all, 'b', 15)]).toEqual([5, 10]);
});

test('who has been quiet for long may ask no more at once', () => {
  const all = bounds();
  admitted(all, 'a', 1);
  clock.step(60_000);
  expect(admitted(all, 'a', 100)).toBe(10);
});

test('very many addresses are not all remembered', () => {
  const all = bounds();
  expect(admitted(all, 'first', 20)).toBe(10);
  for (let at = 0; at < 16_384; at += 1) all.admits(`other ${at}`);
  expect(admitted(all, 'first', 20)).toBe(10);
});

test('an address has so many connections', () => {
  const all = bounds();
  const [one, two, three] = [all.connects('a'), all.connects('a'), all.connects('a')];
  expect([one, two, three].map(Boolean)).toEqual([true, true, false]);
  expect(all.connects('b')).toBeDefined();
  one?.();
  expect(all.connects('a')).toBeDefined();
});
