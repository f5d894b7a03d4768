import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atPace, finished, type Pace, type Steps } from './steps.js';

let done: number[] = [];

function* counting(steps: number): Steps<string> {
  for (let step = 1; step <= steps; step += 1) {
    done.push(step);
    yield;
  }
  return `${steps} steps`;
}

/** Due after each so many steps. */
function paceOf(each: number): Pace & { rests: number } {
  let asked = 0;
  return {
    rests: 0,
    get isDue() {
      asked += 1;
      return asked % each === 0;
    },
    async rest() {
      this.rests += 1;
    },
  };
}

test('work comes to the same however it is paced', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(20), fc.integer({ min: 1, max: 30 }), async (steps, each) => {
      done = [];
      const pace = paceOf(each);
      expect(await atPace(counting(steps), pace)).toBe(finished(counting(steps)));
      expect(done).toEqual([...done.slice(0, steps), ...done.slice(0, steps)]);
      expect(pace.rests).toBe(Math.floor(steps / each));
    }),
  );
});

test('what is there already is answered as it is', () => {
  for (const value of [[1, 2], 'text', null, undefined, 0]) expect(finished(value)).toBe(value);
});

test('what ends before anything is due is answered at once', () => {
  expect(atPace(counting(3), paceOf(4))).toBe('3 steps');
});

test('work that is to end goes no further', async () => {
  done = [];
  const pace: Pace = { isDue: true, rest: () => Promise.reject(new Error('gone')) };
  await expect(atPace(counting(3), pace)).rejects.toThrow('gone');
  expect(done).toEqual([1]);
});

test('what a step throws is thrown', async () => {
  const failing = function* (): Steps<void> {
    yield;
    throw new Error('no');
  };
  expect(() => finished(failing())).toThrow('no');
  expect(() => atPace(failing(), paceOf(9))).toThrow('no');
  await expect(atPace(failing(), paceOf(1))).rejects.toThrow('no');
});
