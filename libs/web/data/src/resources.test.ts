import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pages, readPlace } from './paths.js';
import { objectKey, objectRef, type Resource, resourceId, ResourceIndex } from './resources.js';

const kind = (group: string, resource: string, name: string, shortNames: string[] = []): Resource => ({
  group,
  version: 'v1',
  resource,
  kind: name,
  namespaced: true,
  verbs: [],
  shortNames,
  subresources: [],
});

describe('a kind', () => {
  const index = new ResourceIndex([
    kind('', 'events', 'Event', ['ev']),
    kind('events.k8s.io', 'events', 'Event', ['ev']),
    kind('example.com', 'pods', 'Pod', ['deploy']),
    kind('', 'pods', 'Pod', ['po']),
    kind('apps', 'deployments', 'Deployment', ['deploy']),
  ]);

  test('is called as kubectl calls it, which no short name of another takes from it', () => {
    expect(index.byId('pods')).toMatchObject({ group: '' });
    expect(index.byId('pods.example.com')).toMatchObject({ group: 'example.com' });
  });

  test('that has a name first keeps it', () => {
    expect(index.byId('ev')).toMatchObject({ group: '' });
    expect(index.byId('deploy')).toMatchObject({ group: 'example.com' });
  });

  test.each([
    ['v1', 'Pod', ''],
    ['example.com/v1', 'Pod', 'example.com'],
    ['example.com/v1beta1', 'Pod', 'example.com'],
    ['apps/v1', 'Pod', undefined],
    ['v1', 'Widget', undefined],
  ])('is found by what its objects say: %s %s', (apiVersion, name, group) => {
    expect(index.byKind(apiVersion, name)?.group).toBe(group);
    expect(index.of({ apiVersion, kind: name, metadata: {} })?.group).toBe(group);
  });
});

describe('an object', () => {
  test.each<[{ name?: string; namespace?: string }, string]>([
    [{ name: 'web', namespace: 'shop' }, 'shop/web'],
    [{ name: 'node-1' }, 'node-1'],
    [{}, ''],
  ])('%j is told by %j', (metadata, key) => {
    const object = { apiVersion: 'v1', kind: 'Any', metadata };
    expect(objectKey(object)).toBe(key);
    expect(objectRef(object)).toEqual({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
  });
});

test('every address that is made is read as what it was made of', () => {
  const word = fc
    .string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' })
    .filter((text) => text.trim() !== '' && !/^\.{1,2}$/.test(text));
  const group = fc.constantFrom('', 'apps', 'example.com');
  fc.assert(
    fc.property(
      word,
      group,
      fc.stringMatching(/^[a-z]{2,8}$/),
      fc.option(word),
      word,
      (cluster, of, resource, namespace, name) => {
        fc.pre(resource !== 'kinds' && resource !== 'apply');
        const at = { group: of, resource };
        const path = (address: string) => new URL(address, 'http://localhost').pathname;
        expect(readPlace(path(pages.list(cluster, at)))).toEqual({ page: 'list', id: resourceId(at) });
        const ref = { namespace: namespace ?? '', name };
        expect(readPlace(path(pages.detail(cluster, at, ref)))).toEqual({ page: 'detail', id: resourceId(at), ref });
        expect(readPlace(path(pages.overview(cluster)))).toEqual({ page: 'overview' });
        expect(readPlace(path(pages.kinds(cluster)))).toEqual({ page: 'kinds' });
        expect(readPlace(path(pages.apply(cluster)))).toEqual({ page: 'apply' });
      },
    ),
  );
});
