import {
  replicaSet,
  statefulSet,
  deployment,
  podDisruptionBudget,
  runningPod,
  CREATED_AT,
  pod,
} from '@binnacle/testing-fixtures';
import { controllerReferenceTo, type IntOrString } from '@binnacle/machinery-meta';
import { IndexedStore } from '@binnacle/client-informers';
import type { Deployment, ReplicaSet, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { ReplicationController } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { totalScale } from './controller-scale.js';
import { budgetStatus, expectation, failedStatus, grantedEvictions } from './plan.js';
import { staleAt } from './stale-targets.controller.js';

const NOW = Date.parse(CREATED_AT);
const pods = (count: number) =>
  Array.from({ length: count }, (_, index) => runningPod('n', '10.244.0.1', { metadata: { name: `p${index}` } }));
const budget = (spec: { minAvailable?: IntOrString; maxUnavailable?: IntOrString }, disruptedPods = {}) =>
  podDisruptionBudget({
    spec: { minAvailable: undefined, maxUnavailable: undefined, ...spec },
    status: { disruptedPods },
  });

describe('expectation', () => {
  test.each([
    [{ minAvailable: 2 }, undefined, { expected: 3, desiredHealthy: 2 }],
    [{ minAvailable: '50%' }, 5, { expected: 5, desiredHealthy: 3 }],
    [{ maxUnavailable: 1 }, 5, { expected: 5, desiredHealthy: 4 }],
    [{ maxUnavailable: '30%' }, 5, { expected: 5, desiredHealthy: 3 }],
    [{ maxUnavailable: 9 }, 5, { expected: 5, desiredHealthy: 0 }],
    [{ maxUnavailable: 1 }, undefined, undefined],
    [{ minAvailable: '50%' }, undefined, undefined],
    [{}, undefined, { expected: 3, desiredHealthy: 1 }],
  ])('of %j with scale %s', (spec, scale, expected) => {
    expect(expectation(budget(spec), pods(3), scale)).toEqual(expected);
  });
});

describe('budgetStatus', () => {
  const status = (disruptedPods: Record<string, string>, ready = pods(3)) => {
    const one = budget({ minAvailable: 1 }, disruptedPods);
    return budgetStatus(one, ready, { expected: 3, desiredHealthy: 1 }, grantedEvictions(one, ready, NOW), NOW);
  };

  test('what is healthy beyond what is wanted may go', () => {
    expect(status({})).toMatchObject({
      currentHealthy: 3,
      disruptionsAllowed: 2,
      conditions: [{ reason: 'SufficientPods', status: 'True' }],
    });
    expect(status({}, [pod()])).toMatchObject({
      currentHealthy: 0,
      disruptionsAllowed: 0,
      conditions: [{ reason: 'InsufficientPods' }],
    });
  });

  test('a granted eviction counts until its Pod goes or two minutes pass', () => {
    expect(status({ p0: CREATED_AT })).toMatchObject({
      currentHealthy: 2,
      disruptionsAllowed: 1,
      disruptedPods: { p0: CREATED_AT },
    });
    expect(status({ gone: CREATED_AT })).toMatchObject({ currentHealthy: 3 });
    expect(grantedEvictions(budget({}, { p0: CREATED_AT }), pods(1), NOW).recheckAt).toBe(NOW + 120_000);
    expect(grantedEvictions(budget({}, { p0: CREATED_AT }), pods(1), NOW + 120_000).pods).toEqual({});
  });

  test('where nothing can be computed nothing is allowed', () => {
    expect(failedStatus(budget({}), 'why', NOW)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ reason: 'SyncFailed', message: 'why' }],
    });
  });
});

describe('totalScale', () => {
  const owner = deployment({ spec: { replicas: 7 } });
  const set = replicaSet({
    spec: { replicas: 4 },
    metadata: { ownerReferences: [controllerReferenceTo(owner, owner)] },
  });
  const alone = replicaSet({ metadata: { name: 'alone' }, spec: { replicas: 2 } });
  const workloads = {
    deployments: new IndexedStore<Deployment>(),
    replicaSets: new IndexedStore<ReplicaSet>(),
    replicationControllers: new IndexedStore<ReplicationController>(),
    statefulSets: new IndexedStore<StatefulSet>(),
  };
  workloads.deployments.put(owner);
  for (const one of [set, alone]) workloads.replicaSets.put(one);
  const podOf = (one: ReplicaSet) => pod({ metadata: { ownerReferences: [controllerReferenceTo(one, one)] } });

  test('a ReplicaSet of a Deployment counts as the Deployment, each once', () => {
    expect(totalScale(workloads, [podOf(set), podOf(set), podOf(alone)])).toEqual({ replicas: 9, hasUnmanaged: false });
  });

  test('a StatefulSet counts as what it wants', () => {
    const stateful = statefulSet({ spec: { replicas: 5 } });
    workloads.statefulSets.put(stateful);
    const member = pod({ metadata: { ownerReferences: [controllerReferenceTo(stateful, stateful)] } });
    expect(totalScale(workloads, [member, member])).toEqual({ replicas: 5, hasUnmanaged: false });
  });

  test('a Pod without a controller counts for nothing, and is told of', () => {
    expect(totalScale(workloads, [podOf(set), pod()])).toEqual({ replicas: 7, hasUnmanaged: true });
  });

  test('a Pod whose controller cannot be found makes it unknown', () => {
    const lost = replicaSet({ metadata: { name: 'lost', uid: 'lost' } });
    const member = pod({ metadata: { name: 'one', ownerReferences: [controllerReferenceTo(lost, lost)] } });
    expect(totalScale(workloads, [podOf(set), member])).toMatchObject({ unknown: 'one' });
  });
});

test('a mark turns stale two minutes after it was made, unless the Pod leaves', () => {
  const conditions = [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: CREATED_AT }];
  expect(staleAt(pod({ status: { conditions } }))).toBe(NOW + 120_000);
  expect(staleAt(pod({ status: { conditions }, metadata: { deletionTimestamp: CREATED_AT } }))).toBeUndefined();
  expect(staleAt(pod())).toBeUndefined();
});
