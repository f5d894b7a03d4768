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

const volumes = (source: string) => `${text}  volumes: [{name: v, ${source}}]`;
test.each([
  ['serviceaccounts', `${text}  serviceAccountName: default`],
  ['secrets', `${text}      envFrom: [{secretRef: {name: s}}]`],
  ['configmaps', `${text}      env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: a}}}]`],
  ['serviceaccounts (via projected volumes)', volumes('projected: {sources: [{serviceAccountToken: {path: t}}]}')],
  ['persistentvolumeclaims (via ephemeral volumes)', volumes('ephemeral: {}')],
])('a static Pod may not refer to %s, which it would have to ask the API for', (what, content) => {
  expect(() => readManifest(content, origin)).toThrow(`static pods may not reference ${what}`);
});

test('a static Pod may use what is its own or the node’s', () => {
  expect(readManifest(volumes('hostPath: {path: /x}'), origin).spec?.volumes).toHaveLength(1);
});

test('no text at all breaks it otherwise', () => {
  fc.assert(
    fc.property(fc.string(), (content) => {
      expect(() => readManifest(content, origin)).toThrow(Error);
    }),
  );
});
