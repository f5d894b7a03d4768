import { describe, expect, test } from 'vitest';
import { revisionsOf } from './revisions.js';

const owned = (uid: string) => [{ apiVersion: 'apps/v1', kind: 'Any', name: 'web', uid }];
const set = (revision: string, uid = 'd') => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `web-${revision}`,
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'deployment.kubernetes.io/revision': revision, 'kubernetes.io/change-cause': `to ${revision}` },
    ownerReferences: owned(uid),
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

describe('the revisions of a Deployment', () => {
  const sets = [set('2'), set('9'), set('10'), set('3', 'other')];
  const revisions = revisionsOf(deployment, sets);

  test('are those of its own ReplicaSets, the latest first by number, and it says which it has', () => {
    expect(revisions.map(({ revision, isCurrent, images, cause }) => [revision, isCurrent, images, cause])).toEqual([
      ['10', true, ['web:10'], 'to 10'],
      ['9', false, ['web:9'], 'to 9'],
      ['2', false, ['web:2'], 'to 2'],
    ]);
  });

  test('are put back without the label of the hash, which stays where it was', () => {
    expect(revisions[1]?.template.metadata?.labels).toEqual({ app: 'web' });
    expect(sets[1]?.spec.template.metadata.labels).toHaveProperty('pod-template-hash');
  });
});

describe('the revisions of a StatefulSet or a DaemonSet', () => {
  const revision = (number: number, image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: `db-${number}`, ownerReferences: owned('s') },
    revision: number,
    data: { spec: { template: { $patch: 'replace', spec: { containers: [{ name: 'c', image }] } } } },
  });
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', uid: 's' } };

  test('are its ControllerRevisions, of which it has the newest', () => {
    const revisions = revisionsOf(owner, [revision(2, 'db:1'), revision(10, 'db:3'), revision(9, 'db:2')]);
    expect(revisions.map((each) => [each.revision, each.isCurrent, each.images])).toEqual([
      ['10', true, ['db:3']],
      ['9', false, ['db:2']],
      ['2', false, ['db:1']],
    ]);
    expect(revisions[0]?.template).toEqual({ spec: { containers: [{ name: 'c', image: 'db:3' }] } });
  });

  test('that hold nothing are told as such', () => {
    const empty = { ...revision(1, ''), data: undefined };
    expect(revisionsOf(owner, [empty])).toMatchObject([{ revision: '1', images: [], template: {} }]);
  });
});
