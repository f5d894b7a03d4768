import { describe, expect, it } from 'vitest';
import { isRolled, workloads } from './workloads.js';

const status = { observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 3 };
const deployment = (changed: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', generation: 2 },
  status: { ...status, ...changed },
});

describe('a Deployment is rolled', () => {
  it('when all of it is new and available', () => {
    expect(isRolled(3)(deployment())).toBe(true);
  });

  it.each([{ observedGeneration: 1 }, { updatedReplicas: 2 }, { replicas: 4 }, { availableReplicas: 2 }])(
    'not while %o',
    (changed) => {
      expect(isRolled(3)(deployment(changed))).toBe(false);
    },
  );
});

it('workloads are as large as they say, and smaller where a share is asked for', () => {
  expect(workloads().map(({ name }) => name)).toEqual([
    'a Deployment of 5000',
    '500 Deployments rolled at once',
    '1000 Jobs',
    'a namespace of 20000 objects deleted',
  ]);
  const [, rolled, jobs, namespace] = workloads(0.01);
  expect(rolled?.before?.made.length).toBe(5);
  expect(jobs?.over?.count).toBe(10);
  expect(namespace?.before?.made.length).toBe(200);
});
