import { expect, test } from 'vitest';
import { rollbackChoices } from './revisions.js';

const set = (revision: string, uid = 'd') => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `web-${revision}`,
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'deployment.kubernetes.io/revision': revision },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid }],
  },
  spec: {
    template: {
      metadata: { labels: { app: 'web', 'pod-template-hash': 'abc' } },
      spec: { containers: [{ name: 'c', image: `web:${revision}` }] },
    },
  },
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'd', annotations: { 'deployment.kubernetes.io/revision': '10' } },
};

test('earlier revisions of this Deployment, latest first, without the hash label', () => {
  const sets = [set('2'), set('9'), set('10'), set('3', 'other')];
  expect(rollbackChoices(deployment, sets)).toEqual([
    expect.objectContaining({ revision: '9', images: ['web:9'] }),
    expect.objectContaining({ revision: '2' }),
  ]);
  expect(rollbackChoices(deployment, sets)[0]?.template).toMatchObject({ metadata: { labels: { app: 'web' } } });
  expect(sets[1]?.spec.template.metadata.labels).toHaveProperty('pod-template-hash');
});
