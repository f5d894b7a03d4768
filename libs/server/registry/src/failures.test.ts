import { StorageError, type StorageErrorCode } from '@binnacle/server-storage';
import { expect, test } from 'vitest';
import { fromStorage } from './failures.js';

const PODS = { group: '', names: { kind: 'Pod', plural: 'pods' } };
const SETS = { group: 'apps', names: { kind: 'ReplicaSet', plural: 'replicasets' } };
const told = (code: StorageErrorCode, info: object = {}, of = PODS, asked?: number) =>
  fromStorage(of, 'a', new StorageError(code, 'as the store says', info), asked);

test.each<[StorageErrorCode, number, string, string]>([
  ['exists', 409, 'AlreadyExists', 'pods "a" already exists'],
  ['notFound', 404, 'NotFound', 'pods "a" not found'],
  ['conflict', 409, 'Conflict', 'Operation cannot be fulfilled on pods "a": the object has been modified'],
  ['expired', 410, 'Expired', 'The provided resource version is too old'],
  ['invalid', 400, 'BadRequest', 'as the store says'],
  ['unknownCluster', 404, 'NotFound', 'as the store says'],
  ['unavailable', 503, 'ServiceUnavailable', 'as the store says'],
  ['overloaded', 429, 'TooManyRequests', 'the write queue is full, please try again'],
])('%s is told as %i %s', (code, status, reason, message) => {
  expect(told(code)).toMatchObject({ code: status, reason, message: expect.stringContaining(message) });
});

test('the group is named where there is one', () => {
  expect(told('notFound', {}, SETS)).toMatchObject({
    message: 'replicasets.apps "a" not found',
    details: { group: 'apps', kind: 'replicasets' },
  });
});

test('who is turned away is told when to come back', () => {
  expect(told('unavailable', { retryAfterSeconds: 7 })).toMatchObject({ details: { retryAfterSeconds: 7 } });
  expect(told('overloaded')).toMatchObject({ details: { retryAfterSeconds: 1 } });
});

test('a revision that is not there yet is named with the newest there is', () => {
  expect(told('future', { revision: 5 }, PODS, 9)).toMatchObject({
    reason: 'Timeout',
    message: 'Timeout: Too large resource version: 9, current: 5',
  });
});

test('what is no failure of the store is told as it came', () => {
  const error = new RangeError('else');
  expect(fromStorage(PODS, 'a', error)).toBe(error);
});
