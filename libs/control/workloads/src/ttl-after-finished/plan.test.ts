import { CREATED_AT, job } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { expiresAt } from './plan.js';

const NOW = Date.parse(CREATED_AT);
const ended = (type: string, status = 'True') => ({ conditions: [{ type, status, lastTransitionTime: CREATED_AT }] });

test.each([
  ['a Job that completed', 60, ended('Complete'), NOW + 60_000],
  ['a Job that failed', 0, ended('Failed'), NOW],
  ['a Job that runs', 60, {}, undefined],
  ['a Job that is about to fail', 60, ended('FailureTarget'), undefined],
  ['a Job that did not complete', 60, ended('Complete', 'False'), undefined],
  ['a Job that is kept', undefined, ended('Complete'), undefined],
])('%s', (_, ttlSecondsAfterFinished, status, time) => {
  expect(expiresAt(job({ spec: { ttlSecondsAfterFinished } as never, status }))).toBe(time);
});

test('a Job that goes already, and none at all', () => {
  const leaving = { metadata: { deletionTimestamp: CREATED_AT }, spec: { ttlSecondsAfterFinished: 1 } };
  expect(expiresAt(job({ ...leaving, status: ended('Complete') } as never))).toBeUndefined();
  expect(expiresAt(undefined)).toBeUndefined();
});
