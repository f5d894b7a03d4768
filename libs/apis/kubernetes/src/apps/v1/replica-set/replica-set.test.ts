import { describe, expect, it } from 'vitest';
import { replicationControllers } from '../../../core/v1/replication-controller/definition.js';
import type { ReplicationController } from '../../../core/v1/index.js';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { ReplicaSet, ReplicaSetSpec } from '../index.js';
import { replicaSets } from './definition.js';

const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const metadata = { name: 'web', namespace: 'ns' };
const draft = (spec: Partial<ReplicaSetSpec> = {}): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata,
  spec: { selector: { matchLabels: labels }, template, ...spec },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a ReplicaSet', () => {
  const { object: old } = rehearseCreate(replicaSets, draft());

  it('wants one Pod and has none, to begin with', () => {
    expect(old).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 0 } });
  });

  it('selects the Pods it makes', () => {
    const { errors } = rehearseCreate(replicaSets, draft({ selector: { matchLabels: { app: 'other' } } }));
    expect(texts(errors)).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ]);
  });

  it('does not change what it selects', () => {
    const next = draft({ selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } });
    expect(texts(rehearseUpdate(replicaSets, next, old).errors)).toEqual([
      expect.stringContaining('spec.selector: Invalid value:'),
    ]);
  });

  it('has a malformed selector refused', () => {
    const next = draft({ selector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['w*'] }] } });
    expect(texts(rehearseCreate(replicaSets, next).errors)).toEqual([
      'spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
      expect.stringMatching(/^spec\.selector\.matchExpressions\[0\]\.values\[0\]: Invalid value: "w\*": a valid label/),
      expect.stringContaining('invalid label selector'),
    ]);
  });

  it('reports no more ready Pods than it has', () => {
    const next: ReplicaSet = { ...old, status: { replicas: 1, readyReplicas: 2, fullyLabeledReplicas: 1 } };
    expect(texts(rehearseStatusUpdate(replicaSets, next, old).errors)).toEqual([
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]);
  });
});

describe('a ReplicationController', () => {
  const controller = (spec: ReplicationController['spec']): ReplicationController => ({
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata,
    ...(spec && { spec }),
  });

  it('takes labels and selector from its template', () => {
    const { object, errors } = rehearseCreate(replicationControllers, controller({ template }));
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ metadata: { labels }, spec: { replicas: 1, selector: labels } });
  });

  it('needs a template and something to select', () => {
    expect(texts(rehearseCreate(replicationControllers, controller({})).errors)).toEqual([
      'spec.selector: Required value',
      'spec.template: Required value',
    ]);
  });
});
