import { expect, test } from 'vitest';
import { OpenConnections } from './open-connections.js';

test('one identity holds so many open, whatever others do', () => {
  const logs = new OpenConnections('logs', 2);
  const [first] = [logs.enter('ann'), logs.enter('ann')];
  expect(() => logs.enter('ann')).toThrow('ann has 2 logs open already');
  expect(logs.enter('bob')).toBeTypeOf('function');
  first?.();
  first?.();
  logs.enter('ann');
  expect(() => logs.enter('ann')).toThrow('may open no more');
});
