import type { Random } from '@binnacle/testing-fuzz';
import type { Case } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';
import { chosen, mutated, mutationsOf } from './mutations.js';

const STRICT = 'fieldValidation=Strict';

/** Valid and invalid creates. Those of single fields are only tried, so that none is in the way of the next. */
export function createCases(kind: ComparedKind, random: Random, mutations: number): Case[] {
  const { definition, collection, resource, draft } = kind;
  const make = caseMaker('create', resource);
  const made = draft('made');
  const post = (name: string, body: unknown, query = '') =>
    make(name, { method: 'POST', path: `${collection}${query && `?${query}`}`, body });
  const found = chosen(random, mutationsOf(definition.schemas, definition.schema, draft('tried')), mutations);
  return [
    post('as it should be', made),
    post('a second time', made),
    post('a second time, only tried', made, 'dryRun=All'),
    make('read', { method: 'GET', path: `${collection}/${nameOf(made)}` }),
    post('with a name to be completed', { ...made, metadata: { generateName: 'generated-' } }, 'dryRun=All'),
    post('without metadata', { ...made, metadata: undefined }, 'dryRun=All'),
    post('with what only the server may say', withServerFields(made), 'dryRun=All'),
    post('with an unknown field', { ...draft('unknown'), strange: 1 }, 'dryRun=All'),
    post('with an unknown field, strictly', { ...draft('unknown'), strange: 1 }, `dryRun=All&${STRICT}`),
    ...metadataCases(kind).map(([name, metadata]) => post(name, { ...made, metadata }, 'dryRun=All')),
    ...found.map((mutation) => post(`with ${mutation.name}`, mutated(draft('tried'), mutation), 'dryRun=All')),
  ];
}

function withServerFields(object: object): object {
  const metadata = {
    name: 'server-fields',
    uid: '11111111-2222-3333-4444-555555555555',
    creationTimestamp: '2020-01-01T00:00:00Z',
    deletionTimestamp: '2020-01-01T00:00:00Z',
    generation: 7,
    selfLink: '/nowhere',
  };
  return { ...object, metadata, status: {} };
}

/** What can be wrong with the metadata of any kind. */
function metadataCases({ draft }: ComparedKind): [string, object][] {
  const name = nameOf(draft('meta'));
  return [
    ['with a bad name', { name: 'Not A Name' }],
    ['with a long name', { name: 'x'.repeat(260) }],
    ['with a bad namespace', { name, namespace: 'elsewhere' }],
    ['with bad labels', { name, labels: { 'no key!': 'v', key: 'no value!' } }],
    ['with bad annotations', { name, annotations: { 'no key!': 'v' } }],
    ['with bad owners', { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: '' }] }],
    ['with bad finalizers', { name, finalizers: ['nodomain'] }],
    ['with a version', { name, resourceVersion: '5' }],
    ['with bad managed fields', { name, managedFields: [{ operation: 'Nothing' }] }],
  ];
}
