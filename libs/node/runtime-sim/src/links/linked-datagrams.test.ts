import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { LinkedDatagrams } from './linked-datagrams.js';
import type { Path } from './path.js';

const PATH: Path = { ...{ delay: 20, jitter: 0, loss: 0, seed: '' }, in: [], out: [] };
let clock: FakeClock;
let path: Path | undefined;
let arrived: string[];
let linked: LinkedDatagrams;

beforeEach(() => {
  [clock, path, arrived] = [new FakeClock(0), PATH, []];
  linked = new LinkedDatagrams(() => path, clock);
});
const carry = (name: string) => linked.carry('127.0.0.2', 'in', 10, () => arrived.push(name));

test('a datagram arrives after its time, at once where there is nothing to notice', () => {
  carry('one');
  clock.step(19);
  expect(arrived).toEqual([]);
  clock.step(1);
  expect(arrived).toEqual(['one']);
  path = undefined;
  carry('two');
  expect(arrived).toEqual(['one', 'two']);
});

test('what changes about the way counts at once', () => {
  carry('one');
  path = { ...PATH, loss: 1 };
  carry('lost');
  path = { ...PATH, delay: 5 };
  carry('two');
  clock.step(6);
  expect(arrived).toEqual(['two']);
  clock.step(20);
  expect(arrived).toEqual(['two', 'one']);
});

test('so many are on their way and no more, and none arrives when the socket has gone', () => {
  for (let at = 0; at < 1_500; at += 1) carry(`${at}`);
  clock.step(60);
  expect(arrived).toHaveLength(1_000);
  carry('late');
  linked.clear();
  clock.step(60);
  expect(arrived).toHaveLength(1_000);
});
