import { expect, test } from 'vitest';
import { afterTime, LogBuffer } from './log-buffer.js';

const line = (n: number) => ({ time: `2026-01-01T00:00:${String(n).padStart(2, '0')}Z`, text: `line ${n}` });

test('keeps the last lines and counts the others', () => {
  const buffer = new LogBuffer(10);
  for (let n = 0; n < 25; n += 1) buffer.push([line(n)]);
  const kept = buffer.snapshot();
  expect(kept.length).toBeLessThanOrEqual(10);
  expect(kept.length + buffer.dropped).toBe(25);
  expect(kept.at(-1)).toEqual(line(24));
});

test('a log read again goes on where it was cut', () => {
  const buffer = new LogBuffer(10);
  buffer.push([line(1), line(2)]);
  expect(afterTime([line(1), line(2), line(3)], line(2).time)).toEqual([line(3)]);
  expect(afterTime([line(1)], '')).toEqual([line(1)]);
});

test('runs of a container are kept apart', () => {
  const buffer = new LogBuffer(10);
  buffer.markRestart('');
  expect(buffer.snapshot()).toEqual([]);
  buffer.push([line(1)]);
  buffer.markRestart(line(1).time);
  buffer.markRestart(line(1).time);
  buffer.push([line(2)]);
  expect(buffer.snapshot().map(({ restart, text }) => restart ?? text)).toEqual(['line 1', true, 'line 2']);
});

test('several logs stand in the order of their times, whatever came first', () => {
  const buffer = new LogBuffer(10);
  buffer.merge([line(1), line(4)]);
  buffer.merge([line(2), line(3), line(6)]);
  buffer.merge([line(5)]);
  buffer.merge([line(7)]);
  expect(buffer.snapshot()).toEqual([1, 2, 3, 4, 5, 6, 7].map(line));
  buffer.merge([8, 9, 10, 11].map(line));
  expect(buffer.snapshot().length + buffer.dropped).toBe(11);
});
