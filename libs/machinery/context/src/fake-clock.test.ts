import { expect, test } from 'vitest';
import { FakeClock, silentLogger, sleep } from './index.js';

test('step fires what falls due, in order, at its own time', () => {
  const clock = new FakeClock(0);
  const seen: Array<[string, number]> = [];
  clock.after(20, () => seen.push(['b', clock.now()]));
  clock.after(10, () => seen.push(['a', clock.now()]));
  clock.after(40, () => seen.push(['c', clock.now()]));
  clock.step(30);
  expect(seen).toEqual([
    ['a', 10],
    ['b', 20],
  ]);
  expect(clock.now()).toBe(30);
});

test('says when the next timer is due, and steps there', () => {
  const clock = new FakeClock(0);
  expect(clock.nextAt).toBeUndefined();
  const cancel = clock.after(0.1, () => undefined);
  clock.after(0.3, () => undefined);
  expect(clock.nextAt).toBe(0.1);
  cancel();
  clock.stepTo(clock.nextAt ?? 0);
  expect([clock.now(), clock.pending]).toEqual([0.3, 0]);
});

test('sleep rejects when its context aborts', async () => {
  const abort = new AbortController();
  const asleep = sleep({ signal: abort.signal, clock: new FakeClock(), logger: silentLogger }, 1000);
  abort.abort(new Error('stop'));
  await expect(asleep).rejects.toThrow('stop');
});
