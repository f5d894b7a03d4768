import type { UnstructuredObject } from '@binnacle/web-data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventFields, newestFirst } from './event-fields.js';

const event = (fields: object, metadata: object = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
  ...fields,
});

describe('an Event of either version is read into one shape', () => {
  test.each([
    ['how often', { count: 3 }, { count: 3 }],
    ['how often, of a series', { count: 3, series: { count: 9 } }, { count: 9 }],
    ['how often, as the newer version remembers it', { deprecatedCount: 4 }, { count: 4 }],
    ['how often, where nobody counts', {}, { count: 1 }],
    ['what', { message: 'a' }, { message: 'a' }],
    ['what, in the newer version', { note: 'b' }, { message: 'b' }],
    ['of whom', { involvedObject: { kind: 'Pod', name: 'p' } }, { object: { kind: 'Pod', name: 'p' } }],
    [
      'of whom, in the newer version',
      { regarding: { kind: 'Node', name: 'n' } },
      { object: { kind: 'Node', name: 'n' } },
    ],
    ['of whom, where it is not said', {}, { object: {} }],
    ['by whom', { source: { component: 'kubelet' } }, { source: 'kubelet' }],
    ['by whom, in the newer version', { reportingController: 'k', source: { component: '' } }, { source: 'k' }],
    ['by whom, as core/v1 writes it now', { reportingComponent: 'r', source: {} }, { source: 'r' }],
    ['by whom, as the newer version remembers it', { deprecatedSource: { component: 'd' } }, { source: 'd' }],
    ['of what kind, where it is not said', {}, { type: 'Normal' }],
  ])('%s', (_, fields, read) => {
    expect(eventFields(event(fields))).toMatchObject(read);
  });

  test.each([
    [{ series: { lastObservedTime: '5' }, lastTimestamp: '4', eventTime: '3' }, '5'],
    [{ lastTimestamp: '4', eventTime: '3' }, '4'],
    [{ lastTimestamp: null, deprecatedLastTimestamp: '4', eventTime: '3' }, '4'],
    [{ lastTimestamp: null, eventTime: '3' }, '3'],
    [{ lastTimestamp: null, eventTime: null }, '2026-01-01T00:00:00Z'],
  ])('when it was last seen: %j', (fields, lastSeen) => {
    expect(eventFields(event(fields)).lastSeen).toBe(lastSeen);
  });
});

test('Events are put in order by when they were last seen, whatever order they came in', () => {
  const seconds = fc.uniqueArray(fc.nat(86_400), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(seconds, (times) => {
      const events = times.map((second) =>
        event({ lastTimestamp: new Date(second * 1_000).toISOString() }, { uid: `u${second}` }),
      );
      const sorted = [...events].sort(newestFirst).map(({ metadata }) => metadata.uid);
      expect(sorted).toEqual([...times].sort((a, b) => b - a).map((second) => `u${second}`));
      expect(
        [...events]
          .reverse()
          .sort(newestFirst)
          .map(({ metadata }) => metadata.uid),
      ).toEqual(sorted);
    }),
  );
});

test('those of one moment keep one order', () => {
  const [a, b] = [event({}, { uid: 'a' }), event({}, { uid: 'b' })];
  expect([b, a].sort(newestFirst)).toEqual([a, b]);
});
