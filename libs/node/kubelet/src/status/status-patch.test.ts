import type { PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { statusPatch } from './status-manager.js';

const notReady: PodStatus = {
  phase: 'Running',
  conditions: [
    { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [web]' },
  ],
};
const ready: PodStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

test('a condition that no longer has a reason loses the one it had', () => {
  expect(statusPatch(ready, notReady)).toEqual({
    conditions: [{ type: 'Ready', status: 'True', reason: null, message: null }],
  });
});

test('a condition of a resize that is over is taken away, and none that others wrote', () => {
  const gate = { type: 'example.com/gate', status: 'True' };
  const resizing = { conditions: [gate, { type: 'PodResizePending', status: 'True', reason: 'Deferred' }] };
  expect(statusPatch({ conditions: [] }, resizing)).toEqual({
    conditions: [{ type: 'PodResizePending', $patch: 'delete' }],
  });
});

test('nothing is sent where nothing changed', () => {
  expect(statusPatch(ready, ready)).toBeUndefined();
});
