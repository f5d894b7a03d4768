import { metadataReader } from '@binnacle/apis-extensions';
import { resourceSet } from '@binnacle/apis-registry';
import { compiling } from '@binnacle/machinery-cel';
import type { StoredObject } from '@binnacle/server-storage';
import { describe, expect, it } from 'vitest';
import { SharedKinds } from './shared-kinds.js';

const base = resourceSet('base', []);
const kinds = () =>
  new SharedKinds(base, {
    reader: metadataReader(),
    compile: compiling,
    convert: () => Promise.reject(new Error('nobody')),
  });

interface Shape {
  readonly plural?: string;
  readonly established?: boolean;
  readonly description?: string;
  readonly versions?: readonly object[];
  readonly metadata?: object;
}

let revision = 0;

/** A definition as a cluster stores it. */
function stored(cluster: string, shape: Shape = {}): StoredObject {
  const { plural = 'widgets', established = true, description = '', metadata = {} } = shape;
  const schema = { openAPIV3Schema: { type: 'object', description } };
  const { versions = [{ name: 'v1', served: true, storage: true, schema }] } = shape;
  const names = { plural, singular: plural, kind: 'Widget', listKind: 'WidgetList' };
  const name = `${plural}.example.com`;
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name, uid: `${cluster}-${revision}`, generation: 1, ...metadata },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions },
    status: {
      acceptedNames: names,
      conditions: [{ type: 'Established', status: established ? 'True' : 'False' }],
    },
  };
  revision += 1;
  const resource = 'apiextensions.k8s.io/customresourcedefinitions';
  const key = { cluster, resource, namespace: '', name };
  return { key, revision, body: Buffer.from(JSON.stringify(body)) } as unknown as StoredObject;
}

describe('kinds that clusters define', () => {
  it('are those of everybody where nothing is served', () => {
    const shared = kinds();
    expect(shared.setOf([])).toBe(base);
    expect(shared.setOf([stored('a', { established: false })])).toBe(base);
  });

  it('are one set for all clusters that define the same, whoever stored it and when', () => {
    const shared = kinds();
    const set = shared.setOf([stored('a'), stored('a', { plural: 'gadgets' })]);
    const labels = { metadata: { labels: { a: 'b' } } };
    expect(shared.setOf([stored('b', { plural: 'gadgets', ...labels }), stored('b')])).toBe(set);
    expect(set.all.map(({ names }) => names.plural)).toEqual(['gadgets', 'widgets']);
  });

  it('are others where anything of a kind is defined otherwise', () => {
    const shared = kinds();
    const set = shared.setOf([stored('a'), stored('a', { plural: 'gadgets' })]);
    const other = shared.setOf([stored('b', { description: 'x' }), stored('b', { plural: 'gadgets' })]);
    expect(other).not.toBe(set);
    expect(other.version).not.toBe(set.version);
    const [gadgets, widgets] = ['gadgets', 'widgets'].map((plural) =>
      [set, other].map((one) => one.find('example.com', 'v1', plural)),
    );
    expect(gadgets?.[0]).toBe(gadgets?.[1]);
    expect(widgets?.[0]).not.toBe(widgets?.[1]);
  });

  it('stay the same while their definition is going', () => {
    const shared = kinds();
    const set = shared.setOf([stored('a')]);
    const going = { metadata: { generation: 2, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(shared.setOf([stored('a', going)])).toBe(set);
  });

  it('are those of served versions, the best first', () => {
    const version = (name: string, served: boolean, storage = false) => ({ name, served, storage });
    const versions = [
      version('v1', true),
      version('v1beta1', true),
      version('v2alpha1', false, true),
      version('v2', true),
    ];
    const set = kinds().setOf([stored('a', { versions })]);
    expect(set.all.map(({ version: name }) => name)).toEqual(['v2', 'v1', 'v1beta1']);
  });
});
