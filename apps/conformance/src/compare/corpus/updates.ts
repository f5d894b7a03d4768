import type { Random } from '@binnacle/testing-fuzz';
import type { Case, Json } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';
import { chosen, mutated, mutationsOf } from './mutations.js';

/** Replaced by what the server told last. */
const VERSION = '{{metadata.resourceVersion}}';
const UID = '{{metadata.uid}}';

const withMetadata = (object: Json, metadata: Json): Json => ({
  ...object,
  metadata: { ...(object.metadata as Json), ...metadata },
});

/** Replaces one object again and again; what is tried with single fields is not kept. */
export function updateCases(kind: ComparedKind, random: Random, mutations: number): Case[] {
  const { definition, collection, resource, draft } = kind;
  if (!definition.verbs.includes('update')) return [];
  const make = caseMaker('update', resource);
  const object = draft('updated');
  const path = `${collection}/${nameOf(object)}`;
  const put = (name: string, body: unknown, query = '') =>
    make(name, { method: 'PUT', path: `${path}${query && `?${query}`}`, body });
  const current = withMetadata(object, { resourceVersion: VERSION });
  const found = chosen(random, mutationsOf(definition.schemas, definition.schema, object), mutations);
  return [
    put('what is not there', object, 'dryRun=All'),
    make('made for it', { method: 'POST', path: collection, body: object }),
    put('with its version', current),
    put('without a version', object),
    put('with version 0', withMetadata(object, { resourceVersion: '0' }), 'dryRun=All'),
    put('with an old version', withMetadata(object, { resourceVersion: '1' })),
    put('with a version that is none', withMetadata(object, { resourceVersion: 'abc' })),
    put('with its uid', withMetadata(current, { uid: UID })),
    put('with another uid', withMetadata(current, { uid: '11111111-2222-3333-4444-555555555555' })),
    put('without a name', withMetadata(current, { name: undefined })),
    put('with another name', withMetadata(current, { name: 'another' })),
    put('with another namespace', withMetadata(current, { namespace: 'elsewhere' })),
    put('with new labels', withMetadata(current, { labels: { app: 'compared', changed: 'yes' } })),
    put('with a deletionTimestamp', withMetadata(current, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 'dryRun=All'),
    put('with another generation', withMetadata(current, { generation: 99 }), 'dryRun=All'),
    put('with an unknown field, strictly', { ...current, strange: 1 }, 'dryRun=All&fieldValidation=Strict'),
    ...found.map((mutation) => put(`with ${mutation.name}`, mutated(current, mutation), 'dryRun=All')),
    make('read afterwards', { method: 'GET', path }),
  ];
}
