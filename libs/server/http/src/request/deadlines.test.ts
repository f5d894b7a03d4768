import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { Deadlines } from './deadlines.js';

test('each is called back when its own time is up, and who has gone is not', () => {
  const clock = new FakeClock();
  const deadlines = new Deadlines(clock, 100);
  const called: string[] = [];
  const add = (name: string) => deadlines.add(() => called.push(name));
  add('a');
  clock.step(30);
  const leave = add('b');
  clock.step(30);
  add('c');
  leave();
  clock.step(39);
  expect(called).toEqual([]);
  clock.step(1);
  expect(called).toEqual(['a']);
  clock.step(59);
  expect(called).toEqual(['a']);
  clock.step(1);
  expect(called).toEqual(['a', 'c']);
  expect(clock.pending).toBe(0);
});

test('who is called back may ask again, and one timer is all there is', () => {
  const clock = new FakeClock();
  const deadlines = new Deadlines(clock, 100);
  let rounds = 0;
  const again = (): void => {
    rounds += 1;
    deadlines.add(again);
  };
  deadlines.add(again);
  const cancel = deadlines.add(again);
  expect(clock.pending).toBe(1);
  cancel();
  clock.step(100);
  clock.step(100);
  expect([rounds, clock.pending]).toEqual([2, 1]);
});
