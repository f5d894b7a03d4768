import { expect, test } from 'vitest';
import { connectionLimits } from './connection-door.js';
import { ConnectionRoom } from './connection-room.js';

test('there is room for so many of one address and for so many in all, and again when some have left', () => {
  const room = new ConnectionRoom({ inAll: 3, each: 2 });
  const [first, second] = [room.enter('a'), room.enter('a')];
  expect([first, second].every(Boolean)).toBe(true);
  expect(room.enter('a')).toBeUndefined();
  expect(room.enter('b')).toBeDefined();
  expect(room.enter('c')).toBeUndefined();
  first?.();
  expect(room.enter('c')).toBeDefined();
  second?.();
  expect(room.enter('a')).toBeDefined();
});

test('a connection that takes two files leaves room for half as many', () => {
  expect(connectionLimits(4_000, 2)).toEqual({ inAll: 1_500, each: 750 });
  expect(connectionLimits(1_000_000, 2)).toEqual(connectionLimits(1_000_000));
});
