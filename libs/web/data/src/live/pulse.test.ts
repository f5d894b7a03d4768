import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, describe, expect, test } from 'vitest';
import { Pulse } from './pulse.js';

let clock: FakeClock;
let told: string[];
let pulse: Pulse;
beforeEach(() => {
  clock = new FakeClock(0);
  told = [];
  pulse = new Pulse(clock, {
    doubted: (silent) => void told.push(silent ? 'silent' : 'heard'),
    dead: () => void told.push('dead'),
  });
});
/** Seconds go by, and something is heard in those that are named. */
function pass(seconds: number, heardAt: readonly number[] = []): void {
  for (let second = 0; second < seconds; second += 1) {
    clock.step(1_000);
    if (heardAt.includes(clock.now() / 1_000)) pulse.heard();
  }
}

describe('a line that is open', () => {
  beforeEach(() => pulse.start());

  test('is believed for four seconds of silence, and given up after eight', () => {
    pass(3);
    expect(told).toEqual([]);
    pass(1);
    expect(told).toEqual(['silent']);
    pass(3);
    expect(told).toEqual(['silent']);
    pass(1);
    expect(told).toEqual(['silent', 'dead']);
  });

  test('that is given up is given up again until it is another', () => {
    pass(10);
    expect(told).toEqual(['silent', 'dead', 'dead', 'dead']);
    pulse.start();
    pass(3);
    expect(told).toHaveLength(4);
  });

  test('on which something is heard now and then is never doubted', () => {
    pass(60, [2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35, 38, 41, 44, 47, 50, 53, 56, 59]);
    expect(told).toEqual([]);
    expect(pulse.heardAt).toBe(59_000);
  });

  test('is believed again as soon as something is heard, which is told once', () => {
    pass(7, [6, 7]);
    expect(told).toEqual(['silent', 'heard']);
  });

  test('is doubted at once when the machine has no network, which is told once', () => {
    pulse.doubt();
    pulse.doubt();
    expect(told).toEqual(['silent']);
    pulse.heard();
    expect(told).toEqual(['silent', 'heard']);
  });

  test('that was closed is nobody’s any more', () => {
    pulse.stop();
    pass(20);
    pulse.heard();
    pulse.doubt();
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

test('what comes before a line is open is not heard', () => {
  clock.step(5_000);
  pulse.heard();
  expect(pulse.heardAt).toBe(0);
});

test('a page that has slept listens first, and judges at the next look', () => {
  let at = 0;
  const due: (() => void)[] = [];
  const asleep = new Pulse(
    { now: () => at, after: (_, run) => (due.push(run), () => undefined) },
    { doubted: (silent) => void told.push(silent ? 'silent' : 'heard'), dead: () => void told.push('dead') },
  );
  asleep.start();
  at = 3_600_000;
  due.pop()?.();
  expect(told).toEqual([]);
  asleep.heard();
  at += 1_000;
  due.pop()?.();
  expect(told).toEqual([]);
});
