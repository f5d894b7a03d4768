import { CREATED_AT, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { availableAt, isPodAvailable } from './pod-state.js';

const NOW = Date.parse(CREATED_AT) + 5000;
const ready = (lastTransitionTime?: string) =>
  pod({
    status: { conditions: [{ type: 'Ready', status: 'True', ...(lastTransitionTime && { lastTransitionTime }) }] },
  });

describe('availability', () => {
  test.each([
    ['ready for long enough', ready(CREATED_AT), 5, true],
    ['ready, not yet for long enough', ready(CREATED_AT), 6, false],
    ['ready, whenever that began, where no time is asked for', ready(), 0, true],
    ['ready since nobody knows when, where a time is asked for', ready(), 1, false],
    ['not ready', pod(), 0, false],
  ])('%s', (_, subject, minReadySeconds, expected) => {
    expect(isPodAvailable(subject, minReadySeconds, NOW)).toBe(expected);
  });

  test('nothing is to be waited for where no time is told', () => {
    expect(availableAt(ready(), 10)).toBeUndefined();
  });
});
