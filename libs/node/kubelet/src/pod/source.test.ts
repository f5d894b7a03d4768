import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { readManifest } from '../manifests/manifest.js';
import { fromApi } from './source.js';

const forged = {
  'kubernetes.io/config.source': 'file',
  'kubernetes.io/config.hash': 'abc',
  'kubernetes.io/config.mirror': 'abc',
  own: 'kept',
};

test('a Pod of the API says api, whatever it said', () => {
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', annotations: forged } };
  expect(fromApi(pod).metadata.annotations).toEqual({ 'kubernetes.io/config.source': 'api', own: 'kept' });
  expect(pod.metadata.annotations).toBe(forged);
});

test('a manifest cannot say that it is a mirror, deleted, or of another source', () => {
  const annotations = { ...forged, 'kubernetes.io/config.source': 'api' };
  const metadata = { name: 'p', uid: 'own', annotations, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x'] };
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } });
  const pod = readManifest(text, { path: '/m/p.json', nodeName: 'n', seen: 'now' });
  expect(pod.metadata).toEqual({
    name: 'p-n',
    namespace: 'default',
    uid: expect.stringMatching(/^[0-9a-f]{32}$/),
    annotations: {
      'kubernetes.io/config.source': 'file',
      'kubernetes.io/config.hash': pod.metadata.uid,
      'kubernetes.io/config.seen': 'now',
      own: 'kept',
    },
  });
});
