import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Deployment, DeploymentSpec, DeploymentStatus } from '../index.js';
import { deployments } from './definition.js';

const labels = { app: 'web' };
const spec: DeploymentSpec = {
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
};
const draft = (overrides: Partial<DeploymentSpec> = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'ns' },
  spec: { ...spec, ...overrides },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a new Deployment', () => {
  it.each<[reason: string, spec: object, expected: string[]]>([
    [
      'has replicas, if any, not fewer than none',
      { replicas: -1 },
      ['spec.replicas: Invalid value: -1: must be greater'],
    ],
    [
      'has a selector',
      { selector: undefined },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'has a selector that selects',
      { selector: {} },
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'has Pods that its selector finds',
      { selector: { matchLabels: { app: 'other' } } },
      ['spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
    ],
    [
      'has a template',
      { template: undefined },
      [
        'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
        'spec.template.spec.containers: Required value',
      ],
    ],
    [
      'has Pods that run for ever',
      { template: { ...spec.template, spec: { ...spec.template.spec, restartPolicy: 'Never' } } },
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'has no Pods with a deadline',
      { template: { ...spec.template, spec: { ...spec.template.spec, activeDeadlineSeconds: 5 } } },
      ['spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported'],
    ],
    [
      'is rolled somehow',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
    ],
    [
      'is rolled by percentages up to a hundred',
      { strategy: { rollingUpdate: { maxUnavailable: '101%', maxSurge: 'some' } } },
      [
        'spec.strategy.rollingUpdate.maxSurge: Invalid value: "some": a valid percent string must be a numeric string',
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
      ],
    ],
    [
      'is not rolled where it is recreated',
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
    [
      'has time to make progress',
      { minReadySeconds: 600 },
      ['spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds'],
    ],
  ])('%s', (_reason, overrides, expected) => {
    const found = texts(rehearseCreate(deployments, draft(overrides)).errors);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });

  it('is rolled by quarters, remembers ten templates and may take ten minutes, unless it says otherwise', () => {
    expect(rehearseCreate(deployments, draft()).object).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      },
      status: {},
    });
  });
});

describe('an update of a Deployment', () => {
  const { object: old } = rehearseCreate(deployments, draft());

  it('does not change what it selects', () => {
    const next = draft({
      selector: { matchLabels: { app: 'other' } },
      template: { ...spec.template, metadata: { labels: { app: 'other' } } },
    });
    expect(texts(rehearseUpdate(deployments, next, old).errors)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ]);
  });

  it.each<[reason: string, next: Deployment, generation: number]>([
    ['of the spec is a new generation', { ...old, spec: { ...draft({ replicas: 3 }).spec } as DeploymentSpec }, 2],
    ['of annotations is one too', { ...old, metadata: { ...old.metadata, annotations: { a: 'b' } } }, 2],
    ['of labels is not', { ...old, metadata: { ...old.metadata, labels: { a: 'b' } } }, 1],
    ['of the status is nothing', { ...old, status: { replicas: 7 } }, 1],
  ])('%s', (_reason, next, generation) => {
    const { object } = rehearseUpdate(deployments, next, old);
    expect(object.metadata.generation).toBe(generation);
    expect(object.status).toEqual({});
  });
});

describe('the status of a Deployment', () => {
  const { object: old } = rehearseCreate(deployments, draft());
  const update = (status: DeploymentStatus, before: DeploymentStatus = {}) =>
    rehearseStatusUpdate(deployments, { ...old, status }, { ...old, status: before });

  it.each<[reason: string, DeploymentStatus, expected: string[]]>([
    ['counts Pods', { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 1 }, []],
    [
      'never fewer than none',
      { unavailableReplicas: -1 },
      ['status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'never more of some than of all',
      { replicas: 1, readyReplicas: 2 },
      ['status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas'],
    ],
    [
      'has none available that is not ready',
      { replicas: 2, availableReplicas: 1 },
      ['status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas'],
    ],
  ])('%s', (_reason, status, expected) => {
    expect(texts(update(status).errors)).toEqual(expected);
  });

  it('counts collisions upwards', () => {
    expect(texts(update({ collisionCount: 1 }, { collisionCount: 2 }).errors)).toEqual([
      'status.collisionCount: Invalid value: 1: cannot be decremented',
    ]);
  });

  it('leaves spec and labels alone', () => {
    const next: Deployment = {
      ...draft({ replicas: 9 }),
      metadata: { ...old.metadata, labels: { a: 'b' } },
      status: {},
    };
    expect(rehearseStatusUpdate(deployments, next, old).object).toEqual(old);
  });
});
