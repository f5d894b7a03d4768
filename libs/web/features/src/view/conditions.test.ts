import { describe, expect, test } from 'vitest';
import { conditionsOf, conditionTone } from './conditions.js';
import { genericStatus } from './generic-status.js';

const object = (status: unknown, metadata: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Any',
  metadata: { name: 'one', ...metadata },
  status,
});
const condition = (type: string, status: string, reason?: string) => ({ type, status, ...(reason && { reason }) });

describe('a condition says something good or something bad', () => {
  test.each([
    ['Ready', 'True', 'ok'],
    ['Ready', 'False', 'warn'],
    ['Ready', 'Unknown', 'warn'],
    ['Established', 'True', 'ok'],
    ['MemoryPressure', 'False', 'ok'],
    ['MemoryPressure', 'True', 'error'],
    ['NetworkUnavailable', 'False', 'ok'],
    ['NetworkUnavailable', 'True', 'error'],
    ['ReplicaFailure', 'True', 'error'],
    ['Failed', 'True', 'error'],
    ['FailureTarget', 'True', 'error'],
    ['DisruptionTarget', 'True', 'error'],
    ['NonStructuralSchema', 'True', 'error'],
    ['NamespaceDeletionContentFailure', 'False', 'ok'],
    ['NamespaceDeletionGroupVersionParsingFailure', 'True', 'error'],
    ['NamespaceContentRemaining', 'True', 'error'],
    ['NamespaceFinalizersRemaining', 'False', 'ok'],
    ['Terminating', 'True', 'error'],
    ['MemoryPressure', 'Unknown', 'warn'],
  ])('%s=%s: %s', (type, status, tone) => {
    expect(conditionTone(condition(type, status))).toBe(tone);
  });

  test.each([[undefined], [{}], [{ conditions: 'none' }], [{ conditions: null }], ['text']])(
    'and where a status is %j there are none',
    (status) => {
      expect(conditionsOf(object(status))).toEqual([]);
    },
  );
});

describe('of any object it can be said', () => {
  test.each([
    [
      'that it is going, whatever else it says',
      { phase: 'Active' },
      { deletionTimestamp: 'x' },
      'progress Terminating',
    ],
    ['its phase', { phase: 'Bound' }, {}, 'ok Bound'],
    ['a phase that is bad', { phase: 'Lost' }, {}, 'error Lost'],
    ['a phase nobody knows', { phase: 'Brewing' }, {}, 'progress Brewing'],
    [
      'the condition that tells most',
      { conditions: [condition('NamesAccepted', 'True'), condition('Established', 'True')] },
      {},
      'ok Established',
    ],
    ['why that is not so', { conditions: [condition('Ready', 'False', 'Waiting')] }, {}, 'warn Waiting'],
    ['that it is not so, without a reason', { conditions: [condition('Ready', 'False')] }, {}, 'warn NotReady'],
    [
      'the first of several',
      { conditions: [condition('Succeeded', 'True'), condition('Ready', 'False', 'No')] },
      {},
      'warn No',
    ],
    [
      'that it has failed, before all else',
      { conditions: [condition('Complete', 'False'), condition('Failed', 'True', 'BackoffLimitExceeded')] },
      {},
      'error BackoffLimitExceeded',
    ],
    [
      'nothing, where it has not failed and tells nothing else',
      { conditions: [condition('Failed', 'False')] },
      {},
      undefined,
    ],
    ['nothing, where it says nothing', {}, {}, undefined],
    ['nothing, where its phase is no word', { phase: 3 }, {}, undefined],
  ])('%s', (_, status, metadata, said) => {
    const found = genericStatus(object(status, metadata));
    expect(found && `${found.tone} ${found.label}`).toBe(said);
  });
});
