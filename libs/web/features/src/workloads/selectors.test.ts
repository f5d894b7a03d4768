import { expect, test } from 'vitest';
import { selectorText, workloadSelector } from './selectors.js';

test('a LabelSelector as a query takes it', () => {
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'NotIn', values: ['yes'] },
      { key: 'x', operator: 'Exists' },
      { key: 'y', operator: 'DoesNotExist' },
    ],
  };
  expect(selectorText(selector)).toBe('app=web,tier in (a,b),old notin (yes),x,!y');
  expect(selectorText(undefined)).toBe('');
});

test.each([
  [{ selector: { matchLabels: { app: 'a' } } }, 'app=a'],
  [{ selector: { app: 'a', b: 'c' } }, 'app=a,b=c'],
  [{}, ''],
])('%j selects %s', (spec, text) => {
  expect(workloadSelector({ apiVersion: 'v1', kind: 'X', metadata: {}, spec })).toBe(text);
});
