import fc from 'fast-check';
import { expect, test } from 'vitest';
import { podUid } from '../pod/identity.js';
import { readManifest } from './manifest.js';

const origin = { path: '/etc/manifests/web.yaml', nodeName: 'cp', seen: '2026-01-01T00:00:00Z' };
const text = `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: main
      image: app
`;

test('a manifest becomes a Pod of its node', () => {
  const pod = readManifest(text, origin);
  expect(pod.metadata).toMatchObject({
    name: 'web-cp',
    namespace: 'default',
    annotations: { 'kubernetes.io/config.source': 'file', 'kubernetes.io/config.hash': podUid(pod) },
  });
  expect(pod.spec).toMatchObject({ nodeName: 'cp', tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] });
});

test('its uid follows from what is in it, where it is and for whom', () => {
  const uid = (content: string, where = {}) => podUid(readManifest(content, { ...origin, ...where }));
  expect(uid(`# a comment\n${text}`)).toBe(uid(text));
  expect(uid(text.replace('image: app', 'image: other'))).not.toBe(uid(text));
  expect(uid(text, { nodeName: 'other' })).not.toBe(uid(text));
});

test.each(['', '[]', 'kind: Service', 'kind: Pod\napiVersion: v1\nmetadata: {}', ': :'])('%j is refused', (content) => {
  expect(() => readManifest(content, origin)).toThrow(Error);
});

test('no text at all breaks it otherwise', () => {
  fc.assert(
    fc.property(fc.string(), (content) => {
      expect(() => readManifest(content, origin)).toThrow(Error);
    }),
  );
});
