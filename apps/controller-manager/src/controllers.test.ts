import { expect, test } from 'vitest';
import { ABSENT, CONTROLLERS } from './controllers.js';

test('no two controllers have a name in common', () => {
  const names = [...CONTROLLERS, ...ABSENT].flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});
