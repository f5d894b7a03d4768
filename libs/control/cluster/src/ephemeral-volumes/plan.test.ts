import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { controllerReferenceTo } from '@binnacle/machinery-meta';
import { type Overrides, persistentVolumeClaim, pod } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { planEphemeral } from './plan.js';

const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const volumeClaimTemplate = { metadata: { labels: { a: 'b' } }, spec };
const podOf = (metadata: Overrides<Pod>['metadata'] = {}) =>
  pod({
    metadata: { name: 'p', ...metadata },
    spec: {
      volumes: [
        { name: 'v', ephemeral: { volumeClaimTemplate } },
        { name: 'w', emptyDir: {} },
      ],
    },
  });

test('the claim of an ephemeral volume is its Pod’s', () => {
  expect(planEphemeral(podOf(), () => undefined)).toMatchObject([
    {
      act: 'create',
      claim: {
        metadata: {
          name: 'p-v',
          namespace: 'default',
          labels: { a: 'b' },
          ownerReferences: [{ kind: 'Pod', name: 'p' }],
        },
        spec,
      },
    },
  ]);
});

test('one that is there is not made again', () => {
  const ownerReferences = [controllerReferenceTo(podOf(), podOf())];
  expect(planEphemeral(podOf(), () => persistentVolumeClaim({ metadata: { ownerReferences } }))).toEqual([]);
});

test('one of that name that is not the Pod’s is refused', () => {
  const why = 'PVC default/p-v was not created for pod default/p (pod is not owner)';
  expect(planEphemeral(podOf(), () => persistentVolumeClaim())).toEqual([{ act: 'refuse', volume: 'v', why }]);
});

test('a Pod that goes needs none', () => {
  expect(planEphemeral(podOf({ deletionTimestamp: '2026-01-01T00:00:00Z' }), () => undefined)).toEqual([]);
});
