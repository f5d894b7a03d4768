import { expect, test } from 'vitest';
import { objectsOf, questionsOf } from './objects.js';

const SIZE = { services: 30, headless: 5, endpoints: 3 };

test('every Service has a slice, and every address is another', () => {
  const bodies = [...objectsOf(SIZE)].map(
    ({ body }) => body as { kind: string; endpoints?: { addresses: string[] }[] },
  );
  expect(bodies.filter(({ kind }) => kind === 'Service')).toHaveLength(35);
  const addresses = bodies.flatMap(({ endpoints = [] }) => endpoints.flatMap((endpoint) => endpoint.addresses));
  expect(new Set(addresses).size).toBe(35 * 3);
});

test('questions are about Services that are there, but for a tenth', () => {
  const questions = questionsOf(SIZE, 1000);
  const nowhere = questions.filter(({ name }) => name.split('.').length > 8);
  expect([questions.length, nowhere.length]).toEqual([1000, 100]);
  expect(new Set(questions.map(({ type }) => type))).toEqual(new Set(['A', 'AAAA', 'SRV']));
});
