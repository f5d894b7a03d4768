import { runningPod, service } from '@binnacle/testing-fixtures';
import { beforeEach, describe, expect, test } from 'vitest';
import { LAST_CHANGE_TRIGGER_TIME, TriggerTimes, withTriggerTime } from './trigger-times.js';

const web = service({ metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } });
const pod = (name: string, at: string) =>
  runningPod('n', '10.244.0.1', {
    metadata: { name },
    status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: `2026-01-01T00:00:${at}Z` }] },
  });

let times: TriggerTimes;
beforeEach(() => {
  times = new TriggerTimes();
});

describe('what led to a change of endpoints', () => {
  test('is at first that the Service was made', () => {
    expect(times.of(web, [pod('a', '05')])).toBe('2026-01-01T00:00:00Z');
  });

  test('is then the first readiness that changed since', () => {
    times.of(web, [pod('a', '05')]);
    expect(times.of(web, [pod('a', '05'), pod('b', '09'), pod('c', '07')])).toBe('2026-01-01T00:00:07Z');
    expect(times.of(web, [pod('a', '12'), pod('b', '09'), pod('c', '07')])).toBe('2026-01-01T00:00:12Z');
  });

  test('is nothing where Pods went or changed otherwise', () => {
    times.of(web, [pod('a', '05')]);
    expect(times.of(web, [])).toBeUndefined();
    expect(times.of(web, [runningPod('n', '10.244.0.2', { status: { conditions: [] } })])).toBeUndefined();
  });

  test('is that it was made again where it is another Service of the name', () => {
    times.of(web, []);
    expect(times.of(service({ metadata: { creationTimestamp: '2026-01-01T00:01:00Z' } }), [])).toBe(
      '2026-01-01T00:01:00Z',
    );
    times.forget('default/web');
    expect(times.of(web, [])).toBe('2026-01-01T00:00:00Z');
  });
});

test('is an annotation beside others, and goes with the next change that has none', () => {
  const told = withTriggerTime({ metadata: { annotations: { a: 'b' } } }, 'now');
  expect(told.metadata.annotations).toEqual({ a: 'b', [LAST_CHANGE_TRIGGER_TIME]: 'now' });
  expect(withTriggerTime(told, undefined).metadata.annotations).toEqual({ a: 'b' });
});
