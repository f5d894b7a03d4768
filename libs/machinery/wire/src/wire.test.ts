import { expect, test } from 'vitest';
import { wireAddress } from './index.js';

test('a cluster address is carried at the loopback address of the same host part', () => {
  expect(wireAddress('10.244.1.5', 8080, false)).toEqual({ host: '127.244.1.5', port: 8080 });
});

test('an address outside the wire is left alone', () => {
  expect(wireAddress('192.0.2.7', 8080, true)).toEqual({ host: '192.0.2.7', port: 8080 });
});

test('low ports move only where the process may not open them', () => {
  expect(wireAddress('10.96.0.10', 80, true).port).toBe(80);
  expect(wireAddress('10.96.0.10', 80, false).port).toBe(20_080);
});
