import { expect, test } from 'vitest';
import { readDiscovery, ResourceIndex } from './index.js';

const entry = (resource: string, kind: string, shortNames: string[] = []) => ({
  resource,
  responseKind: { group: '', version: 'v1', kind },
  scope: 'Namespaced' as const,
  verbs: ['get', 'list', 'watch'],
  shortNames,
});

const index = new ResourceIndex(
  readDiscovery([
    { items: [{ metadata: {}, versions: [{ version: 'v1', resources: [entry('events', 'Event', ['ev'])] }] }] },
    {
      items: [
        {
          metadata: { name: 'apps' },
          versions: [
            { version: 'v1', resources: [entry('deployments', 'Deployment', ['deploy'])] },
            { version: 'v1beta1', resources: [entry('deployments', 'Deployment')] },
          ],
        },
        { metadata: { name: 'events.k8s.io' }, versions: [{ version: 'v1', resources: [entry('events', 'Event')] }] },
      ],
    },
  ]),
);

test('a kind is found by its id, short name and kind', () => {
  expect(index.byId('deployments.apps')).toBe(index.byId('deploy'));
  expect(index.byId('deployments')).toMatchObject({ group: 'apps', version: 'v1' });
  expect(index.byId('events')).toMatchObject({ group: '' });
  expect(index.byId('events.events.k8s.io')).toMatchObject({ group: 'events.k8s.io' });
  expect(index.byKind('apps/v1', 'Deployment')).toBe(index.byId('deploy'));
  expect(index.all).toHaveLength(3);
});
