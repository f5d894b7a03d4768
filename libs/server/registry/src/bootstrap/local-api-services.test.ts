import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { expect, test } from 'vitest';
import { localApiServices } from './local-api-services.js';

const services = localApiServices(builtinResources.all);
const named = (name: string) => services.filter(({ metadata }) => metadata.name === name);

test('every version that has kinds has one', () => {
  const versions = new Set(builtinResources.all.map(({ group, version }) => `${version}.${group}`));
  const names = services.map(({ metadata }) => metadata.name);
  expect(names).toEqual(
    expect.arrayContaining([...versions].filter((name) => !name.endsWith('.apiregistration.k8s.io'))),
  );
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ['v1.', { version: 'v1', groupPriorityMinimum: 18_000, versionPriority: 1 }],
  ['v1.apps', { group: 'apps', version: 'v1', groupPriorityMinimum: 17_800, versionPriority: 15 }],
  ['v2.autoscaling', { group: 'autoscaling', version: 'v2', groupPriorityMinimum: 17_500, versionPriority: 30 }],
  ['v1.storage.k8s.io', { group: 'storage.k8s.io', version: 'v1', groupPriorityMinimum: 16_800, versionPriority: 15 }],
])('%s stands where discovery has it, and no other server answers it', (name, spec) => {
  expect(named(name)).toEqual([
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
      spec,
    },
  ]);
});

test('versions of questions that are only asked have one too, that of APIServices has none', () => {
  expect(named('v1.authorization.k8s.io')).toHaveLength(1);
  expect(named('v1.apiregistration.k8s.io')).toEqual([]);
});

test('what has no place in discovery has none', () => {
  const [kind] = builtinResources.all;
  const { priority, ...unplaced } = { ...kind!, group: 'example.com' };
  expect(localApiServices([{ ...unplaced, priority }]).map(({ metadata }) => metadata.name)).toContain(
    'v1.example.com',
  );
  expect(localApiServices([unplaced]).map(({ metadata }) => metadata.name)).not.toContain('v1.example.com');
});
