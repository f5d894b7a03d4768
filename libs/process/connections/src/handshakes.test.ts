import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { Handshakes } from './handshakes.js';

let clock: FakeClock;
let handshakes: Handshakes;
let begun: string[];
let ends: (() => void)[];
beforeEach(() => {
  clock = new FakeClock();
  handshakes = new Handshakes(clock);
  begun = [];
  ends = [];
});

const begin = (address: string, count: number) => {
  for (let number = 0; number < count; number += 1)
    handshakes.begin(address, (done) => {
      begun.push(address);
      ends.push(done);
    });
};

test('sixteen are under way at a time, and the next begins when one ends', () => {
  begin('a', 20);
  expect(begun).toHaveLength(16);
  ends[0]?.();
  // Once.
  ends[0]?.();
  expect(begun).toHaveLength(17);
});

test('who does not answer holds nobody up for longer than 100 ms', () => {
  begin('silent', 40);
  clock.step(99);
  expect(begun).toHaveLength(16);
  clock.step(1);
  expect(begun).toHaveLength(32);
  clock.step(100);
  expect([begun.length, clock.pending]).toEqual([40, 8]);
});

test('another address is next, however many one has sent', () => {
  begin('flood', 300);
  begin('neighbour', 1);
  ends[0]?.();
  ends[1]?.();
  expect(begun.slice(16)).toEqual(['flood', 'neighbour']);
});

test('thousands that have left already are passed over', () => {
  begin('a', 16);
  let passed = 0;
  for (let number = 0; number < 20_000; number += 1)
    handshakes.begin('gone', (done) => {
      passed += 1;
      done();
    });
  ends[0]?.();
  expect([passed, clock.pending]).toEqual([20_000, 15]);
});
