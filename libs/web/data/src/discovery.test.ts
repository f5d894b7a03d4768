import { afterEach, expect, test, vi } from 'vitest';
import { fetchResources, readDiscovery, ResourceIndex, sameOrNew } from './index.js';
import { revisionOf } from './react/revision.js';

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

test('an index that says the same is the one there was', () => {
  expect(sameOrNew(index, new ResourceIndex([...index.all]))).toBe(index);
  const fewer = new ResourceIndex(index.all.slice(1));
  expect(sameOrNew(index, fewer)).toBe(fewer);
  expect(sameOrNew(undefined, fewer)).toBe(fewer);
});

test('definitions have another revision when one comes, changes or goes, and not when they are told in another order', () => {
  const definition = (uid: string, resourceVersion: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { uid, resourceVersion },
  });
  const [a, b] = [definition('a', '1'), definition('b', '2')];
  expect(revisionOf([a, b])).toBe(revisionOf([b, a]));
  const others = [[a], [a, b, definition('c', '3')], [a, definition('b', '4')], []];
  for (const other of others) expect(revisionOf(other)).not.toBe(revisionOf([a, b]));
});

afterEach(() => vi.unstubAllGlobals());

/** A server that has this answer to a read in the cluster, and tells of its kinds whatever it is called. */
function serverOf(status: number, reason: string): void {
  vi.stubGlobal('fetch', async (path: string) =>
    path.includes('/namespaces')
      ? Response.json({ kind: 'Status', reason, code: status, message: 'no' }, { status })
      : Response.json({ items: [] }),
  );
}

test('a cluster that is not there is not found, though its kinds are told', async () => {
  serverOf(404, 'NotFound');
  await expect(fetchResources('nosuch')).rejects.toMatchObject({ code: 404, reason: 'NotFound' });
  await expect(fetchResources('main')).resolves.toMatchObject({ all: [] });
});

test('a cluster whose Namespaces somebody may not read is there', async () => {
  serverOf(403, 'Forbidden');
  await expect(fetchResources('lab')).resolves.toMatchObject({ all: [] });
});
