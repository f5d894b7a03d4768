import { isForbidden, StatusError } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFollowRights, readSubscribe } from './protocol.js';

const whole = { id: '1', cluster: 'main', version: 'v1', resource: 'pods' };

test('what is left out is empty', () => {
  expect(readSubscribe({ ...whole, resourceVersion: '12' })).toEqual({
    ...whole,
    group: '',
    namespace: '',
    labelSelector: '',
    fieldSelector: '',
    keysOnly: false,
    metadataOnly: false,
    after: 12,
  });
});

test.each([
  [undefined],
  ['pods'],
  [{}],
  [{ ...whole, id: 7 }],
  [{ ...whole, resource: '' }],
  [{ ...whole, resourceVersion: 'abc' }],
  [{ ...whole, resourceVersion: '-1' }],
  [{ ...whole, labelSelector: 'x'.repeat(5_000) }],
])('%j is a bad request', (message) => {
  expect(() => readSubscribe(message)).toThrow(expect.objectContaining({ code: 400 }));
});

test.each([
  ['subscriptions', readSubscribe],
  ['notices of rights', readFollowRights],
])('anything at all is read or refused with a Status: %s', (_, read) => {
  fc.assert(
    fc.property(fc.anything(), (message) => {
      try {
        read(message);
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
        expect(isForbidden(error)).toBe(false);
      }
    }),
  );
});

test('that only keys are wanted is said by true or false', () => {
  expect(readSubscribe({ ...whole, keysOnly: true }).keysOnly).toBe(true);
  expect(readSubscribe({ ...whole, metadataOnly: true }).metadataOnly).toBe(true);
  expect(() => readSubscribe({ ...whole, keysOnly: 'yes' })).toThrow(expect.objectContaining({ code: 400 }));
});

test('rights are followed in one cluster', () => {
  expect(readFollowRights({ ...whole, id: 'r' })).toEqual({ id: 'r', cluster: 'main' });
  for (const wrong of [undefined, { id: 'r' }, { cluster: 'main' }, { id: 'r', cluster: 'x'.repeat(5_000) }]) {
    expect(() => readFollowRights(wrong)).toThrow(expect.objectContaining({ code: 400 }));
  }
});
