import { expect, test } from 'vitest';
import { objectFilter } from './filter.js';

const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'default', labels: { app: 'Web', tier: 'front' } },
};

test.each([
  ['web', true],
  ['WEB def', true],
  ['app=web', true],
  ['app=db', false],
  ['web -front', false],
  ['web -back', true],
  ['running', true],
  ['-', undefined],
  ['  ', undefined],
])('%j finds it: %s', (query, found) => {
  expect(objectFilter(query, () => 'Running')?.(object)).toBe(found);
});
