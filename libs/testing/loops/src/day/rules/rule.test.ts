import { expect, it } from 'vitest';
import { type Rule, Watchdog } from './rule.js';
import type { Snapshot } from './snapshot.js';

const MINUTE = 60_000;

/** Looks once a minute at what is found then, and answers when each violation was told. */
function told(tolerance: number, minutes: readonly (readonly string[])[]): string[] {
  let found: readonly string[] = [];
  const rule: Rule = { name: 'so', tolerance, find: () => found };
  const watchdog = new Watchdog([rule]);
  for (const [minute, texts] of minutes.entries()) {
    found = texts;
    watchdog.look({ now: minute * MINUTE } as Snapshot);
  }
  return watchdog.violations.map(({ what, since, seen }) => `${what} ${since.slice(14, 16)}-${seen.slice(14, 16)}`);
}

it('what may never be is told when it is seen', () => {
  expect(told(0, [[], ['a']])).toEqual(['a 01-01']);
});

it('what may be for a while is told once that is over, and once', () => {
  expect(told(2 * MINUTE, [['a'], ['a'], ['a'], ['a']])).toEqual(['a 00-02']);
});

it('what was well meanwhile may be so as long again', () => {
  expect(told(2 * MINUTE, [['a'], ['a'], [], ['a'], ['a']])).toEqual([]);
});

it('what stands after a bar makes nothing another', () => {
  expect(told(2 * MINUTE, [['a|1'], ['a|2'], ['a|3']])).toEqual(['a|3 00-02']);
  expect(told(2 * MINUTE, [['a'], ['b'], ['c']])).toEqual([]);
});

it('what is so for longer is told apart from what has just begun', () => {
  let found: readonly string[] = ['old'];
  const watchdog = new Watchdog([{ name: 'so', tolerance: 9 * MINUTE, find: () => found }]);
  watchdog.look({ now: 0 } as Snapshot);
  found = ['old', 'new'];
  watchdog.look({ now: 2 * MINUTE } as Snapshot);
  expect(watchdog.presentSince(0)).toEqual(['so: old']);
  expect(watchdog.presentSince(2 * MINUTE)).toEqual(['so: old', 'so: new']);
});
