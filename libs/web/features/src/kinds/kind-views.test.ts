import type { UnstructuredObject } from '@binnacle/web-data';
import { expect, test } from 'vitest';
import type { Translate } from '../messages/index.js';
import { kindView, VIEWS } from './kind-views.js';

const t = ((key: string, values?: object) => (values ? `${key} ${JSON.stringify(values)}` : key)) as Translate;
const object = (kind: string, rest: object = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'one', namespace: 'shop', uid: 'u1' },
  ...rest,
});
const selecting = object('Deployment', { spec: { selector: { matchLabels: { app: 'web' } } } });

test('a Deployment has its Pods, and of the ReplicaSets only its own', () => {
  const related = kindView('deployments.apps').related?.(selecting, t);
  expect(related).toMatchObject([
    { resource: 'pods', namespace: 'shop', labelSelector: 'app=web' },
    { resource: 'replicasets.apps', namespace: 'shop', labelSelector: 'app=web', ownedBy: 'u1' },
  ]);
});

test('what selects nothing has no Pods', () => {
  for (const id of ['services', 'replicasets.apps', 'jobs.batch', 'poddisruptionbudgets.policy']) {
    expect(kindView(id).related?.(object('Any', { spec: {} }), t)).toEqual([]);
  }
});

test('a definition has the objects of its kind', () => {
  const crd = object('CustomResourceDefinition', {
    spec: { group: 'example.com', names: { plural: 'crontabs', kind: 'CronTab' } },
  });
  const id = 'customresourcedefinitions.apiextensions.k8s.io';
  expect(kindView(id).related?.(crd, t)).toMatchObject([{ title: 'CronTab', resource: 'crontabs.example.com' }]);
  expect(kindView(id).related?.(object('CustomResourceDefinition'), t)).toEqual([]);
});

test.each([
  ['deployments.apps', selecting, 2, 'actions.deleteOwner {"count":2}'],
  ['deployments.apps', selecting, undefined, 'actions.deleteOwnerUncounted'],
  ['nodes', object('Node'), 5, 'actions.deleteNode {"count":5}'],
  ['nodes', object('Node'), undefined, 'actions.deleteNodeUncounted'],
  ['services', object('Service'), undefined, 'actions.deleteService'],
  ['namespaces', object('Namespace'), undefined, 'actions.deleteNamespace'],
  ['pods', object('Pod'), undefined, 'actions.deletePodBare {"seconds":30}'],
])('deleting one of %s says what comes of it', (id, subject, pods, text) => {
  expect(kindView(id).actions?.loss?.text(t, subject, pods)).toBe(text);
});

test('which Pods go with an object is said by what it selects, or by its name', () => {
  const pods = (id: string, subject: UnstructuredObject) => kindView(id).actions?.loss?.pods?.(subject);
  expect(pods('deployments.apps', selecting)).toEqual({ namespace: 'shop', labelSelector: 'app=web' });
  expect(pods('jobs.batch', object('Job'))).toBeUndefined();
  expect(pods('nodes', object('Node'))).toEqual({ fieldSelector: 'spec.nodeName=one' });
});

test('no kind has two columns of one id', () => {
  for (const view of Object.values(VIEWS)) {
    const ids = (view.columns?.(t, { now: 0, lostNodes: new Set(), endpoints: undefined }) ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});
