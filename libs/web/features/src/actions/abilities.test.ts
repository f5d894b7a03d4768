import type { Resource, UnstructuredObject } from '@binnacle/web-data';
import { expect, test } from 'vitest';
import { abilitiesOf, canPutBack, isDangerous } from './abilities.js';

const resource = (name: string, group = '', subresources: string[] = []): Resource => ({
  group,
  version: 'v1',
  resource: name,
  kind: name,
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'update', 'delete'],
  shortNames: [],
  subresources,
});
const object: UnstructuredObject = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'one', namespace: 'shop' } };

test('what can be done follows from the kind and from what the server offers', () => {
  expect(abilitiesOf(resource('deployments', 'apps', ['scale']), object)).toMatchObject({
    scale: true,
    restart: true,
    rollBack: true,
    // Those of its Pods.
    logs: true,
    cordoned: undefined,
  });
  expect(abilitiesOf(resource('statefulsets', 'apps'), object)).toMatchObject({ restart: true, rollBack: true });
  expect(abilitiesOf(resource('replicasets', 'apps'), object)).toMatchObject({ restart: false });
  expect(abilitiesOf(resource('pods', '', ['log']), object)).toMatchObject({ logs: true, edit: true, delete: true });
});

test('nothing can be done to what the server only shows, as it does the past', () => {
  for (const name of ['pods', 'deployments', 'nodes', 'persistentvolumeclaims']) {
    const shown = {
      ...resource(name, name === 'deployments' ? 'apps' : '', ['scale']),
      verbs: ['get', 'list', 'watch'],
    };
    expect(abilitiesOf(shown, object)).toEqual({
      scale: false,
      restart: false,
      rollBack: false,
      logs: false,
      terminal: false,
      debug: false,
      edit: false,
      delete: false,
      cordoned: undefined,
      drain: false,
      suspended: undefined,
      makesJob: undefined,
      resize: false,
      grant: false,
      viewAs: false,
      person: undefined,
      link: false,
    });
  }
});

test('a node is cordoned or not, and nothing else is', () => {
  const cordoned = { ...object, spec: { unschedulable: true } };
  expect(abilitiesOf(resource('nodes'), cordoned).cordoned).toBe(true);
  expect(abilitiesOf(resource('nodes'), object).cordoned).toBe(false);
});

test('of a kind the dashboard knows nothing of, all the server allows can be done', () => {
  const crontab = resource('crontabs', 'example.com', ['scale']);
  expect(abilitiesOf(crontab, object)).toMatchObject({ scale: true, restart: false, edit: true, delete: true });
  expect(isDangerous(crontab, object)).toBe(false);
  expect(canPutBack(crontab)).toBe(true);
});

test.each([
  ['namespaces', ''],
  ['nodes', ''],
  ['persistentvolumes', ''],
  ['persistentvolumeclaims', ''],
  ['customresourcedefinitions', 'apiextensions.k8s.io'],
])('the name of one of %s must be typed before it is deleted', (name, group) => {
  expect(isDangerous(resource(name, group), object)).toBe(true);
});

test('so must that of anything in kube-system', () => {
  const system = { ...object, metadata: { name: 'one', namespace: 'kube-system' } };
  expect(isDangerous(resource('configmaps'), system)).toBe(true);
});

test.each(['pods', 'nodes', 'namespaces', 'events'])('nobody wrote one of %s: it is not put back', (name) => {
  expect(canPutBack(resource(name))).toBe(false);
});
