import { expect, test } from 'vitest';
import { isPortTaken, SourcePorts } from './index.js';

test('each port is asked for after all others', () => {
  const ports = new SourcePorts(28_230);
  expect([ports.next(), ports.next(), ports.next()]).toEqual([60_999, 32_768, 32_769]);
  const all = new Set(Array.from({ length: 28_232 }, () => ports.next()));
  expect([all.size, Math.min(...all), Math.max(...all)]).toEqual([28_232, 32_768, 60_999]);
});

test.each([
  ['EADDRINUSE', true],
  ['EADDRNOTAVAIL', true],
  ['ECONNREFUSED', false],
])('%s: whether the port is taken is %s', (code, taken) => {
  expect(isPortTaken(Object.assign(new Error('bind'), { code }))).toBe(taken);
});

test('what is no error of the system says nothing of ports', () => {
  expect([isPortTaken(new Error('EADDRINUSE')), isPortTaken(undefined)]).toEqual([false, false]);
});
