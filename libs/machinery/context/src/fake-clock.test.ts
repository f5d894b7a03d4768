import fc from 'fast-check';
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

test('fires what a plain list of timers would, in the same order', () => {
  type Deed = { readonly after: number; readonly cancels: boolean; readonly steps: number };
  const deed: fc.Arbitrary<Deed> = fc.record({
    after: fc.integer({ min: 0, max: 50 }),
    cancels: fc.boolean(),
    steps: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 300 }), (deeds) => {
      const clock = new FakeClock(0);
      let list: Array<{ due: number; name: number }> = [];
      const fired: number[] = [];
      const expected: number[] = [];
      for (const [name, { after, cancels, steps }] of deeds.entries()) {
        const cancel = clock.after(after, () => fired.push(name));
        if (cancels) cancel();
        else list.push({ due: clock.now() + after, name });
        expect([clock.pending, clock.nextAt]).toEqual([list.length, minOf(list)]);
        clock.step(steps);
        const due = list.filter((each) => each.due <= clock.now()).sort((a, b) => a.due - b.due || a.name - b.name);
        expected.push(...due.map((each) => each.name));
        list = list.filter((each) => each.due > clock.now());
      }
      expect(fired).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

const minOf = (list: ReadonlyArray<{ readonly due: number }>) =>
  list.length > 0 ? Math.min(...list.map(({ due }) => due)) : undefined;
