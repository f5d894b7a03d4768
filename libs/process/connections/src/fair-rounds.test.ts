import { beforeEach, describe, expect, test } from 'vitest';
import { FairRounds } from './fair-rounds.js';

let comeRound: () => void;
let time = 0;
let begun: string[];
const rounds = (most: number, slice: number) => {
  const callbacks: (() => void)[] = [];
  comeRound = () => callbacks.splice(0).forEach((callback) => callback());
  const made = new FairRounds<string>(
    { most, slice },
    (callback) => callbacks.push(callback),
    () => time,
  );
  return (asker: string, name: string) => made.begin(asker, () => begun.push(name));
};
beforeEach(() => {
  time = 0;
  begun = [];
});

describe('what arrives', () => {
  test('is begun at once, until the round has had its part', () => {
    const begin = rounds(2, 1_000);
    for (const name of ['1', '2', '3', '4', '5']) begin('a', name);
    expect(begun).toEqual(['1', '2']);
    comeRound();
    expect(begun).toEqual(['1', '2', '3', '4']);
    comeRound();
    expect(begun).toEqual(['1', '2', '3', '4', '5']);
    begin('a', '6');
    comeRound();
    begin('a', '7');
    expect(begun.slice(5)).toEqual(['6', '7']);
  });

  test('of one who sends little is next, whatever others have sent before', () => {
    const begin = rounds(3, 1_000);
    for (let number = 0; number < 100; number += 1) begin('flood', `f${number}`);
    begin('neighbour', 'n');
    comeRound();
    expect(begun).toEqual(['f0', 'f1', 'f2', 'f3', 'n', 'f4']);
  });

  test('waits where what was begun took long', () => {
    const begin = rounds(1_000, 5);
    for (let number = 0; number < 40; number += 1) {
      begin('a', String(number));
      time += 1;
    }
    expect(begun).toHaveLength(8);
    comeRound();
    expect(begun.length).toBeGreaterThan(8);
  });
});

test('nothing is lost that begins more', () => {
  const begin = rounds(2, 1_000);
  for (let number = 0; number < 20; number += 1) begin(String(number % 3), String(number));
  for (let round = 0; round < 20; round += 1) comeRound();
  expect(begun.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
});
