import { deployment, podDisruptionBudget, replicaSet, replicationController } from '@binnacle/testing-fixtures';
import type { KubeObject } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { sheetOf } from '../testing/kind-sheet.js';
import { kindView } from './kind-views.js';

const counts = (ready: number, all = ready) => ({
  replicas: all,
  updatedReplicas: all,
  readyReplicas: ready,
  availableReplicas: ready,
  observedGeneration: 1,
});
const done = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
const PODS = { title: 'Pods', resource: 'pods', namespace: 'default', labelSelector: 'app=web', empty: 'No Pods' };

describe('a Deployment', () => {
  const rolled = deployment({ spec: { replicas: 3 }, status: { ...counts(2, 3), conditions: [done] } });

  test('is told in a list by its replicas and its images', () => {
    const { columns, values, told } = sheetOf('deployments.apps', rolled);
    expect(columns).toEqual({
      status: 'Unavailable',
      ready: '2/3',
      updated: '3',
      available: '2',
      images: 'nginx:1.29',
    });
    expect(values).toMatchObject({ ready: 2, updated: 3, available: 2 });
    expect(told).toEqual({ ready: '2/3' });
  });

  test('is told on its page besides by its strategy and whom it selects', () => {
    expect(sheetOf('deployments.apps', rolled).facts).toEqual({
      Replicas: '2 ready of 3 desired',
      'Up to date': '3',
      Available: '2',
      Images: 'nginx:1.29',
      Strategy: 'RollingUpdate',
      Selector: 'app=web',
    });
  });

  test('has its Pods and its own ReplicaSets, which no selector tells from those of another', () => {
    expect(sheetOf('deployments.apps', rolled).related).toEqual([
      PODS,
      {
        title: 'ReplicaSets',
        resource: 'replicasets.apps',
        namespace: 'default',
        labelSelector: 'app=web',
        ownedBy: rolled.metadata.uid,
        empty: 'None',
      },
    ]);
  });

  test.each([
    [0, 'Everything it owns goes with it: no Pods at the moment.'],
    [1, 'Everything it owns goes with it: 1 Pod.'],
    [7, 'Everything it owns goes with it: 7 Pods.'],
    [undefined, 'Everything it owns goes with it; how many Pods that is, is not known at the moment.'],
  ])('takes %s Pods along, and says so', (pods, loss) => {
    expect(sheetOf('deployments.apps', rolled, pods === undefined ? {} : { pods }).loss).toBe(loss);
  });

  test('of several containers tells every image, each on a line of its own on its page', () => {
    const containers = ['app:2', 'proxy:1'].map((image, index) => ({ name: `c${index}`, image }));
    const { columns, facts } = sheetOf(
      'deployments.apps',
      deployment({ spec: { template: { spec: { containers } } } }),
    );
    expect(columns.images).toBe('app:2, proxy:1');
    expect(facts.Images).toBe('app:2 proxy:1');
  });

  test('is well where Kubernetes calls it available, whatever else is missing', () => {
    const { standing } = kindView('deployments.apps');
    const status = { tone: 'warn' as const, label: 'Available' };
    const with_ = (value: string) =>
      deployment({ status: { conditions: [{ type: 'Available', status: value }] } }) as never;
    expect(standing?.isWell(with_('True'), status)).toBe(true);
    expect(standing?.isWell(with_('False'), status)).toBe(false);
  });
});

describe('a ReplicaSet', () => {
  const owned = replicaSet({
    metadata: {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'other', uid: 'x' },
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd', controller: true },
      ],
    },
    status: { replicas: 1, readyReplicas: 1, observedGeneration: 1 },
  });

  test('is told by its replicas, its images and who made it', () => {
    expect(sheetOf('replicasets.apps', owned).columns).toEqual({
      status: 'Ready',
      ready: '1/1',
      current: '1',
      owner: 'web',
      images: 'nginx:1.29',
    });
    expect(sheetOf('replicasets.apps', owned).facts).toMatchObject({ Owner: 'web', Replicas: '1 ready of 1 desired' });
  });

  test('that nobody made says so', () => {
    expect(sheetOf('replicasets.apps', replicaSet()).columns.owner).toBe('–');
    expect(sheetOf('replicasets.apps', replicaSet()).values.owner).toBe('');
  });
});

test('a ReplicationController selects by plain labels, and is told as a ReplicaSet is', () => {
  const sheet = sheetOf(
    'replicationcontrollers',
    replicationController({ status: { replicas: 1, readyReplicas: 0, observedGeneration: 1 } }),
  );
  expect(sheet.columns).toMatchObject({ status: 'NotReady', ready: '0/1', current: '1' });
  expect(sheet.facts.Selector).toBe('app=web');
  expect(sheet.related).toEqual([PODS]);
});

test.each([
  ['statefulsets.apps', true],
  ['daemonsets.apps', true],
  ['deployments.apps', true],
  ['replicasets.apps', undefined],
  ['replicationcontrollers', undefined],
  ['jobs.batch', undefined],
])('of %s new Pods can be made in place of the old: %s', (id, restart) => {
  expect(kindView(id).actions?.restart).toBe(restart);
});

describe('a PodDisruptionBudget', () => {
  const observed = {
    currentHealthy: 2,
    desiredHealthy: 1,
    disruptionsAllowed: 1,
    expectedPods: 3,
    observedGeneration: 1,
  };

  test('is told by what it asks for, and by what it lets go', () => {
    const { columns, values, facts, related } = sheetOf(
      'poddisruptionbudgets.policy',
      podDisruptionBudget({ status: observed }),
    );
    expect(columns).toEqual({
      status: 'SufficientPods',
      minAvailable: '1',
      maxUnavailable: '–',
      allowed: '1',
      healthy: '2/3',
    });
    expect(values).toMatchObject({ minAvailable: 1, maxUnavailable: '', allowed: 1, healthy: '2/3' });
    expect(facts.Selector).toBe('app=web');
    expect(related).toEqual([PODS]);
  });

  test('in percent is told so', () => {
    const percent = podDisruptionBudget({ spec: { minAvailable: undefined, maxUnavailable: '25%' }, status: observed });
    expect(sheetOf('poddisruptionbudgets.policy', percent).columns).toMatchObject({
      minAvailable: '–',
      maxUnavailable: '25%',
    });
  });

  test('that nobody has counted says nothing of figures', () => {
    const bare = { ...podDisruptionBudget(), status: undefined } as unknown as KubeObject;
    expect(sheetOf('poddisruptionbudgets.policy', bare).columns).toMatchObject({
      status: 'Unobserved',
      allowed: '–',
      healthy: '–',
    });
  });
});
