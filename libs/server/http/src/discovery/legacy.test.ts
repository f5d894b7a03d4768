import { resources, reviewKinds } from '@binnacle/apis-kubernetes/kinds';
import { expect, test } from 'vitest';
import { apiResourceList } from './legacy.js';

function hashes(group: string): Record<string, string | undefined> {
  const definitions = [...resources, ...reviewKinds].filter((definition) => definition.group === group);
  const list = apiResourceList(group, { version: 'v1', definitions }) as {
    resources: { name: string; storageVersionHash?: string }[];
  };
  return Object.fromEntries(list.resources.map(({ name, storageVersionHash }) => [name, storageVersionHash]));
}

test('discovery gives the hash of the form objects are kept in, as a cluster of upstream does', () => {
  expect(hashes('')).toMatchObject({ pods: 'xPOwRZ+Yhw8=', 'pods/status': undefined, events: 'r2yiGXH7wu8=' });
  expect(hashes('apps').deployments).toBe('8aSe+NMegvE=');
  expect(hashes('autoscaling').horizontalpodautoscalers).toBe('qwQve8ut294=');
  expect(hashes('').componentstatuses).toBeUndefined();
  expect(hashes('events.k8s.io').events).toBe(hashes('').events);
  expect(hashes('authorization.k8s.io').subjectaccessreviews).toBeUndefined();
});
