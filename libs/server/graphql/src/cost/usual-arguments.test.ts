import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { usualArguments } from './usual-arguments.js';

const withArguments = (count: number) => {
  const args = Array.from({ length: count }, (_, index) => `a${index}: Int`).join(' ');
  return buildSchema(
    `type Query { ${Array.from({ length: 1000 }, (_, index) => `f${index}(${args}): Int`).join(' ')} }`,
  );
};

test.each([1, 4])('fields of %s arguments have about as many', (count) => {
  expect(Math.round(usualArguments(withArguments(count)))).toBe(count);
});

test('fields without any bring it down', () => {
  expect(usualArguments(buildSchema('type Query { a: Int b: Int c: Int }'))).toBeLessThan(1);
});
