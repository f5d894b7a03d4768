import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import { isFinished, planDeletion } from './deletion-plan.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const object = (metadata: object = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', generation: 1, ...metadata },
});
/** As Pods do: what was asked for, else half a minute. */
const graceful = { gracePeriodSeconds: (_: unknown, asked: number | undefined) => asked ?? 30 };

describe('an object without grace', () => {
  test('goes at once', () => {
    expect(planDeletion(object(), {}, {}, NOW).act).toBe('remove');
  });

  test('with finalizers is marked and kept', () => {
    const plan = planDeletion(object({ finalizers: ['x'] }), {}, {}, NOW);
    expect(plan).toMatchObject({
      act: 'mark',
      next: {
        metadata: {
          deletionTimestamp: '2026-01-01T00:00:00Z',
          deletionGracePeriodSeconds: 0,
          generation: 2,
          finalizers: ['x'],
        },
      },
    });
  });

  test.each([
    ['Foreground', [], ['foregroundDeletion']],
    ['Orphan', [], ['orphan']],
    ['Background', ['orphan'], undefined],
    ['Foreground', ['orphan', 'x'], ['x', 'foregroundDeletion']],
    [undefined, ['orphan'], ['orphan']],
  ] as const)('with policy %s and finalizers %j has %j', (propagationPolicy, finalizers, expected) => {
    const options = propagationPolicy ? { propagationPolicy } : {};
    const plan = planDeletion(object({ finalizers: [...finalizers] }), options, {}, NOW);
    const state = plan.act === 'mark' ? plan.next : plan.act === 'remove' ? plan.last : undefined;
    expect(state?.metadata.finalizers).toEqual(expected);
    expect(plan.act).toBe(expected ? 'mark' : 'remove');
  });

  test('of a kind that orphans by default does so only when nothing else is asked', () => {
    const strategy = { defaultPropagation: 'Orphan' } as const;
    expect(planDeletion(object(), {}, strategy, NOW).act).toBe('mark');
    expect(planDeletion(object(), { propagationPolicy: 'Background' }, strategy, NOW).act).toBe('remove');
    expect(planDeletion(object(), { orphanDependents: false }, strategy, NOW).act).toBe('remove');
  });

  test('that only waits for finalizers waits on', () => {
    const going = object({
      finalizers: ['x'],
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
    });
    expect(planDeletion(going, {}, {}, NOW).act).toBe('wait');
  });
});

describe('an object that is being deleted already', () => {
  const going = (...finalizers: string[]) =>
    object({ finalizers, deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });

  test.each([
    ['Background', ['foregroundDeletion'], 'remove', undefined],
    ['Background', ['foregroundDeletion', 'x'], 'mark', ['x']],
    ['Orphan', ['foregroundDeletion', 'x'], 'mark', ['x', 'orphan']],
    ['Foreground', ['foregroundDeletion', 'x'], 'wait', undefined],
    [undefined, ['foregroundDeletion'], 'wait', undefined],
  ] as const)('and is deleted again with policy %s has no longer all of %j', (policy, finalizers, act, expected) => {
    const plan = planDeletion(going(...finalizers), policy ? { propagationPolicy: policy } : {}, {}, NOW);
    const state = plan.act === 'mark' ? plan.next : plan.act === 'remove' ? plan.last : undefined;
    expect([plan.act, state?.metadata.finalizers]).toEqual([act, expected]);
    if (state) expect(state.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
  });
});

describe('an object with grace', () => {
  const marked = (seconds: number) =>
    object({ deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: seconds });

  test('is marked for when its time is over', () => {
    const plan = planDeletion(object(), {}, graceful, NOW);
    expect(plan).toMatchObject({
      act: 'mark',
      next: { metadata: { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30, generation: 2 } },
    });
  });

  test('of zero seconds goes at once, and is told to be deleted', () => {
    const plan = planDeletion(object(), { gracePeriodSeconds: 0 }, graceful, NOW);
    expect(plan).toMatchObject({ act: 'remove', last: { metadata: { deletionGracePeriodSeconds: 0 } } });
  });

  test('may be given less time, never more', () => {
    expect(planDeletion(marked(30), { gracePeriodSeconds: 60 }, graceful, NOW).act).toBe('wait');
    expect(planDeletion(marked(30), {}, graceful, NOW).act).toBe('wait');
    expect(planDeletion(marked(30), { gracePeriodSeconds: 10 }, graceful, NOW)).toMatchObject({
      act: 'mark',
      next: { metadata: { deletionTimestamp: '2026-01-01T00:00:10Z', deletionGracePeriodSeconds: 10, generation: 1 } },
    });
    expect(planDeletion(marked(30), { gracePeriodSeconds: 0 }, graceful, NOW).act).toBe('remove');
  });
});

test('an object is finished when nothing holds it any more', () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  expect(isFinished(object())).toBe(false);
  expect(isFinished(object({ deletionTimestamp, finalizers: ['x'] }))).toBe(false);
  expect(isFinished(object({ deletionTimestamp, deletionGracePeriodSeconds: 30 }))).toBe(false);
  expect(isFinished(object({ deletionTimestamp, deletionGracePeriodSeconds: 0 }))).toBe(true);
});
