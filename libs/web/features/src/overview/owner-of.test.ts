import { pod } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { expect, test } from 'vitest';
import { ownerOf } from './owner-of.js';

const owned = (kind: string, name: string, labels: Record<string, string> = {}, apiVersion = 'apps/v1') =>
  pod({
    metadata: { labels, ownerReferences: [{ apiVersion, kind, name, uid: 'u', controller: true }] },
  }) as unknown as UnstructuredObject;
const HASH = { 'pod-template-hash': '5d8f97' };

test.each([
  [
    'a Deployment, by the hash in the name of its ReplicaSet',
    owned('ReplicaSet', 'web-5d8f97', HASH),
    'Deployment',
    'web',
  ],
  ['a ReplicaSet that is nobody’s', owned('ReplicaSet', 'web', HASH), 'ReplicaSet', 'web'],
  ['a ReplicaSet whose Pods carry no hash', owned('ReplicaSet', 'web-5d8f97'), 'ReplicaSet', 'web-5d8f97'],
  ['any other controller', owned('StatefulSet', 'db'), 'StatefulSet', 'db'],
  ['itself, where only its node made it', owned('Node', 'worker', {}, 'v1'), 'Pod', 'pod-1'],
  ['itself, where nobody did', pod() as unknown as UnstructuredObject, 'Pod', 'pod-1'],
])('a Pod is made again by %s', (_, object, kind, name) => {
  expect(ownerOf(object)).toMatchObject({ kind, name, namespace: 'default' });
});

test('who is named beside the controller does not count', () => {
  const references = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'c' }];
  expect(ownerOf(pod({ metadata: { ownerReferences: references } }) as unknown as UnstructuredObject).kind).toBe('Pod');
});
