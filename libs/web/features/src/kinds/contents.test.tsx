import { configMap, namespace, secret } from '@binnacle/testing-fixtures';
import type { KubeObject } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { sheetOf } from '../testing/kind-sheet.js';
import { kindView } from './kind-views.js';

describe('what holds data is told by its keys', () => {
  test('a ConfigMap, texts and others', () => {
    const held = configMap({ data: { key: undefined, b: '1', a: '2' }, binaryData: { icon: 'AAAA' } });
    const { columns, values, facts } = sheetOf('configmaps', held);
    expect(columns).toEqual({ keys: 'b, a, icon' });
    expect(values).toEqual({ keys: 3 });
    expect(facts).toEqual({ Keys: 'b, a, icon' });
  });

  test('an empty one by a dash', () => {
    const { columns, values } = sheetOf('configmaps', configMap({ data: undefined }));
    expect([columns.keys, values.keys]).toEqual(['–', 0]);
  });

  test('a Secret, with its type and without a value', () => {
    const password = Buffer.from('hunter2').toString('base64');
    const sheet = sheetOf(
      'secrets',
      secret({ type: 'kubernetes.io/tls', data: { key: undefined, 'tls.key': password } }),
    );
    expect(sheet.columns).toEqual({ type: 'kubernetes.io/tls', keys: 'tls.key' });
    expect(JSON.stringify(sheet)).not.toContain(password);
    expect(JSON.stringify(sheet)).not.toContain('hunter2');
  });

  test('values of a Secret stay with the server, those of a ConfigMap need not', () => {
    expect(kindView('secrets').hidesValues).toBe(true);
    expect(kindView('configmaps').hidesValues).toBeUndefined();
  });
});

describe('a Namespace', () => {
  test.each([
    [namespace(), 'ok Active'],
    [namespace({ status: { phase: 'Terminating' } }), 'progress Terminating'],
    [namespace({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }), 'progress Terminating'],
  ])('%# stands as its phase says', (object, status) => {
    expect(sheetOf('namespaces', object).status).toBe(status);
  });

  test('has what is in it, and takes it along', () => {
    const sheet = sheetOf('namespaces', namespace({ metadata: { name: 'shop' } }));
    expect(sheet.related).toEqual([
      { title: 'Deployments', resource: 'deployments.apps', namespace: 'shop', empty: 'None' },
      { title: 'Pods', resource: 'pods', namespace: 'shop', empty: 'No Pods' },
    ]);
    expect(sheet.loss).toContain('Everything in this namespace goes with it');
  });
});

describe('a CustomResourceDefinition', () => {
  const definition = (spec: object): KubeObject =>
    ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'crontabs.example.com' },
      spec,
      status: { conditions: [{ type: 'Established', status: 'True' }] },
    }) as KubeObject;
  const id = 'customresourcedefinitions.apiextensions.k8s.io';
  const names = { plural: 'crontabs', kind: 'CronTab' };

  test('is told by the kind it makes, in the versions that are served', () => {
    const versions = [
      { name: 'v1', served: true },
      { name: 'v1beta1', served: false },
      { name: 'v2', served: true },
    ];
    const sheet = sheetOf(id, definition({ group: 'example.com', names, scope: 'Cluster', versions }));
    expect(sheet.facts).toEqual({ Kind: 'CronTab', Group: 'example.com', Version: 'v1, v2', Scope: 'Cluster' });
    expect(sheet.status).toBe('ok Established');
  });

  test('leads to the objects of that kind', () => {
    expect(sheetOf(id, definition({ group: 'example.com', names, scope: 'Namespaced' })).related).toEqual([
      { title: 'CronTab', resource: 'crontabs.example.com', empty: 'No CronTab yet' },
    ]);
  });

  test('that is not one yet is told with dashes', () => {
    const { facts, related } = sheetOf(id, definition({}));
    expect(facts).toEqual({ Kind: '–', Group: '–', Version: '–', Scope: 'Namespaced' });
    expect(related).toEqual([]);
  });
});

test.each(['persistentvolumes', 'persistentvolumeclaims', 'namespaces', 'nodes'])(
  'the loss of one of %s cannot be made good: its name must be typed',
  (id) => {
    expect(kindView(id).actions?.dangerous).toBe(true);
  },
);
