import { FakeClock } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WorkQueue } from './work-queue.js';

test('a key waits once, in order of arrival', async () => {
  const queue = new WorkQueue(new FakeClock());
  for (const key of ['a', 'b', 'a']) queue.add(key);
  expect([await queue.take(), await queue.take(), queue.length]).toEqual(['a', 'b', 0]);
});

test('a key added while it is worked on waits again once done', async () => {
  const queue = new WorkQueue(new FakeClock());
  queue.add('a');
  await queue.take();
  queue.add('a');
  expect(queue.length).toBe(0);
  queue.done('a');
  expect(await queue.take()).toBe('a');
});

test('a waiting worker is given the next key, and nothing on close', async () => {
  const queue = new WorkQueue(new FakeClock());
  const [first, second] = [queue.take(), queue.take()];
  queue.add('a');
  expect(await first).toBe('a');
  queue.close();
  expect(await second).toBeUndefined();
  expect(await queue.take()).toBeUndefined();
});

test('of several delays the soonest counts', () => {
  const clock = new FakeClock();
  const queue = new WorkQueue(clock);
  queue.addAfter('a', 100);
  queue.addAfter('a', 50);
  queue.addAfter('a', 80);
  clock.step(50);
  expect(queue.length).toBe(1);
  expect(clock.pending).toBe(0);
});

test('retries wait twice as long each time, up to the longest, until forgotten', () => {
  const clock = new FakeClock();
  const queue = new WorkQueue(clock, { firstRetry: 10, longestRetry: 35 });
  const waited = () => {
    queue.addRateLimited('a');
    const start = clock.now();
    while (queue.length === 0) clock.step(1);
    void queue.take();
    queue.done('a');
    return clock.now() - start;
  };
  expect([waited(), waited(), waited(), waited()]).toEqual([10, 20, 35, 35]);
  expect(queue.retries('a')).toBe(4);
  queue.forget('a');
  expect(waited()).toBe(10);
});

test('no two workers ever hold the same key, and no add is lost', async () => {
  const action = fc.oneof(
    fc.record({ do: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ do: fc.constantFrom('take' as const, 'done' as const), key: fc.constant('') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action), async (actions) => {
      const queue = new WorkQueue(new FakeClock());
      const held: string[] = [];
      const owed = new Set<string>();
      const take = async () => {
        const key = (await queue.take()) as string;
        expect(held).not.toContain(key);
        held.push(key);
        owed.delete(key);
      };
      for (const step of actions) {
        if (step.do === 'add') {
          queue.add(step.key);
          owed.add(step.key);
        } else if (step.do === 'take' && queue.length > 0) await take();
        else if (step.do === 'done') {
          const key = held.shift();
          if (key) queue.done(key);
        }
      }
      for (const key of held.splice(0)) queue.done(key);
      while (queue.length > 0) await take();
      expect(owed.size).toBe(0);
    }),
  );
});

test('says whether there is work now, and when the next key is due', async () => {
  const clock = new FakeClock(0);
  const queue = new WorkQueue(clock);
  expect([queue.busy, queue.nextDue]).toEqual([false, undefined]);
  queue.addAfter('later', 900);
  queue.addAfter('soon', 300);
  expect([queue.busy, queue.nextDue]).toEqual([false, 300]);
  queue.add('now');
  expect(queue.busy).toBe(true);
  await queue.take();
  expect(queue.busy).toBe(true);
  queue.done('now');
  expect(queue.busy).toBe(false);
});
