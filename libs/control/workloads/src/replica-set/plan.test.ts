import { CREATED_AT, pod, replicaSet, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { nextAvailability } from '../pods/pod-state.js';
import { BURST_REPLICAS, planReplicas, replicaStatus, statusDiffers } from './plan.js';

const NOW = Date.parse(CREATED_AT);
const running = (name: string) => runningPod('node-1', '10.244.0.1', { metadata: { name, labels: { app: 'web' } } });
const leaving = runningPod('node-1', '10.244.0.9', { metadata: { name: 'leaving', deletionTimestamp: CREATED_AT } });
const failed = pod({ metadata: { name: 'failed' }, status: { phase: 'Failed' } });
const wants = (replicas: number) => replicaSet({ spec: { replicas } });

describe('planReplicas', () => {
  test.each([
    ['makes what is missing', 3, [running('a')], 2, 0],
    ['counts neither the finished nor the leaving', 1, [leaving, failed], 1, 0],
    ['does nothing when all is there', 1, [running('a')], 0, 0],
    ['deletes what is too much', 1, [running('a'), running('b'), running('c')], 0, 2],
    ['makes no more than a burst', 2 * BURST_REPLICAS, [], BURST_REPLICAS, 0],
  ])('%s', (_, replicas, pods, create, remove) => {
    const plan = planReplicas(wants(replicas), pods, pods, NOW);
    expect([plan.create, plan.remove.length]).toEqual([create, remove]);
  });

  test('a set on its way out neither makes nor deletes', () => {
    const set = replicaSet({ metadata: { deletionTimestamp: CREATED_AT }, spec: { replicas: 3 } });
    expect(planReplicas(set, [], [], NOW)).toEqual({ create: 0, remove: [] });
  });
});

describe('replicaStatus', () => {
  test('counts by what each Pod is', () => {
    const status = replicaStatus(
      wants(3),
      [running('a'), pod({ metadata: { name: 'b' } }), leaving, failed],
      undefined,
      NOW,
    );
    expect(status).toMatchObject({
      replicas: 2,
      fullyLabeledReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 1,
    });
  });

  test('a ready Pod is available only after its minimum time, and says when', () => {
    const set = replicaSet({ spec: { minReadySeconds: 10 } });
    const pods = [running('a')];
    expect(replicaStatus(set, pods, undefined, NOW + 9_999).availableReplicas).toBe(0);
    expect(nextAvailability(pods, 10, NOW + 9_999)).toBe(NOW + 10_000);
    expect(replicaStatus(set, pods, undefined, NOW + 10_000).availableReplicas).toBe(1);
    expect(nextAvailability(pods, 10, NOW + 10_000)).toBeUndefined();
  });

  test('a failure is said once and taken back when it is over', () => {
    const failure = { reason: 'FailedCreate' as const, message: 'quota' };
    const status = replicaStatus(wants(1), [], failure, NOW);
    expect(status.conditions).toEqual([
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'quota',
        lastTransitionTime: CREATED_AT,
      },
    ]);
    const another = { ...failure, message: 'another name, and the same quota' };
    const again = replicaStatus({ ...wants(1), status }, [], another, NOW + 5000);
    expect(statusDiffers(status, again)).toBe(false);
    expect(replicaStatus({ ...wants(1), status }, [], undefined, NOW).conditions).toBeUndefined();
  });

  test('no counts and counts of zero are the same', () => {
    expect(statusDiffers({ replicas: 0, observedGeneration: 1 }, replicaStatus(wants(0), [], undefined, NOW))).toBe(
      false,
    );
  });
});
