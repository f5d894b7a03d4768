import { expect, it } from 'vitest';
import { inTurns, Turns } from './turns.js';

/** An event loop whose time passes by what is done in it. */
class Loop {
  time = 0;
  private readonly callbacks: (() => void)[] = [];
  readonly turns = new Turns(
    4,
    (callback) => this.callbacks.push(callback),
    () => this.time,
  );

  /** Comes round once; answers how long that took. */
  async round(): Promise<number> {
    const before = this.time;
    for (const callback of this.callbacks.splice(0)) callback();
    for (let wait = 0; wait < 10; wait += 1) await Promise.resolve();
    return this.time - before;
  }
}

it('makes everything, in order', async () => {
  const items = Array.from({ length: 1000 }, (_, at) => at);
  expect(await inTurns(items, undefined, (item) => item * 2)).toEqual(items.map((item) => item * 2));
});

it('does no more than one slice of all that is long each time the loop comes round', async () => {
  const loop = new Loop();
  const items = Array.from({ length: 100 }, (_, at) => at);
  const work = () => inTurns(items, undefined, () => void (loop.time += 1), loop.turns);
  const all = Promise.all([work(), work(), work()]);
  const rounds: number[] = [];
  while (loop.time < 300) rounds.push(await loop.round());
  await all;
  expect(Math.max(...rounds)).toBeLessThanOrEqual(5);
});

it('makes up for a step that takes long with as much time for others', async () => {
  let time = 0;
  const callbacks: (() => void)[] = [];
  const pauses: number[] = [];
  const own = new Turns(
    4,
    (callback) => callbacks.push(callback),
    () => time,
    (callback, milliseconds) => {
      pauses.push(milliseconds);
      callback();
    },
  );
  const work = inTurns([5, 30, 200], undefined, (took) => void (time += took), own);
  let isOver = false;
  void work.then(() => (isOver = true));
  while (!isOver || callbacks.length > 0) {
    callbacks.shift()?.();
    for (let wait = 0; wait < 10; wait += 1) await Promise.resolve();
  }
  expect(pauses).toEqual([30, 50]);
});

it('ends with the request', async () => {
  const loop = new Loop();
  const abort = new AbortController();
  let made = 0;
  const work = inTurns(
    Array.from({ length: 100 }, (_, at) => at),
    abort.signal,
    () => {
      made += 1;
      loop.time += 1;
    },
    loop.turns,
  );
  abort.abort(new Error('the client left'));
  await Promise.all([expect(work).rejects.toThrow('the client left'), loop.round()]);
  expect(made).toBeLessThan(10);
});
