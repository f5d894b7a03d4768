import { beforeEach, expect, test } from 'vitest';
import { MakingTurns } from './making-turns.js';

let turns: MakingTurns;
let begun: number[];
let finish: (() => void)[];

const alive = { signal: new AbortController().signal };
const make = (number: number, ctx: { signal: AbortSignal } = alive) =>
  turns.run(ctx, () => {
    begun.push(number);
    return new Promise<number>((resolve) => (finish[number] = () => resolve(number)));
  });
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

beforeEach(() => {
  turns = new MakingTurns();
  begun = [];
  finish = [];
});

test('four are made at a time, the others in the order they came', async () => {
  const made = Array.from({ length: 7 }, (_, number) => make(number));
  expect(begun).toEqual([0, 1, 2, 3]);
  finish[2]?.();
  await settled();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  for (const number of [0, 1, 3, 4]) finish[number]?.();
  await settled();
  for (const number of [5, 6]) finish[number]?.();
  expect(await Promise.all(made)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const again = make(7);
  finish[7]?.();
  expect(await again).toBe(7);
});

test('one that fails makes room as well', async () => {
  const failing = Array.from({ length: 4 }, () => turns.run(alive, () => Promise.reject(new Error('no'))));
  expect(await Promise.allSettled(failing)).toMatchObject(Array(4).fill({ reason: new Error('no') }));
  void make(1);
  expect(begun).toEqual([1]);
});

test('who leaves gives up their place', async () => {
  for (let number = 0; number < 4; number += 1) void make(number);
  const leaving = new AbortController();
  const left = make(4, leaving);
  void make(5);
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(make(6, leaving)).rejects.toThrow('gone');
  expect(turns.queued).toBe(1);
  finish[0]?.();
  await settled();
  expect(begun).toEqual([0, 1, 2, 3, 5]);
});

test('where too many wait others are told when to come again', async () => {
  const waiting = Array.from({ length: 104 }, (_, number) => make(number));
  await expect(make(104)).rejects.toMatchObject({ code: 429, details: { retryAfterSeconds: 5 } });
  expect([begun.length, turns.queued, waiting.length]).toEqual([4, 100, 104]);
});
