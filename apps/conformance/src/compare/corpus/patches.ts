import type { Random } from '@binnacle/testing-fuzz';
import type { Case, Json } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';
import { chosen, type Mutation, mutationsOf } from './mutations.js';

const TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;
type PatchType = keyof typeof TYPES;

const pointer = (path: Mutation['path']): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const operation = ({ path, value }: Mutation): object =>
  value === undefined ? { op: 'remove', path: pointer(path) } : { op: 'add', path: pointer(path), value };

/** The mutation as members around its value; undefined where it is inside a list, which a merge cannot name. */
function nested({ path, value }: Mutation): Json | undefined {
  if (path.some((step) => typeof step === 'number')) return undefined;
  return path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value ?? null) as Json;
}

/** What is sent of each kind of patch whatever the object is. */
const USUAL: Readonly<Record<PatchType, readonly (readonly [string, unknown])[]>> = {
  json: [
    ['adds a label', [{ op: 'add', path: '/metadata/labels', value: { patched: 'yes' } }]],
    ['removes what is not there', [{ op: 'remove', path: '/metadata/nothing' }]],
    ['tests what is so', [{ op: 'test', path: '/kind', value: '{{kind}}' }]],
    ['tests what is not so', [{ op: 'test', path: '/kind', value: 'Nothing' }]],
    ['replaces the whole', [{ op: 'replace', path: '', value: {} }]],
    ['is no list', { metadata: {} }],
    ['has an operation nobody knows', [{ op: 'frob', path: '/metadata' }]],
    ['has no path', [{ op: 'add', value: 1 }]],
    ['has an unknown member', [{ op: 'test', path: '/kind', value: '{{kind}}', strange: 1 }]],
    ['renames', [{ op: 'replace', path: '/metadata/name', value: 'another' }]],
    ['has an old version', [{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }]],
    ['is null', null],
    ['is no JSON', '[{'],
    ['copies', [{ op: 'copy', from: '/metadata/name', path: '/metadata/annotations' }]],
    ['moves', [{ op: 'move', from: '/metadata/uid', path: '/metadata/generateName' }]],
  ],
  merge: [
    ['adds a label', { metadata: { labels: { patched: 'yes' } } }],
    ['takes a label away', { metadata: { labels: { patched: null } } }],
    ['does nothing', {}],
    ['is null', null],
    ['is a list', []],
    ['is no JSON', '{'],
    ['has an unknown field', { strange: 1 }],
    ['has a null in something new', { metadata: { annotations: { a: null, b: 'c' } } }],
    ['renames', { metadata: { name: 'another' } }],
    ['moves to another namespace', { metadata: { namespace: 'elsewhere' } }],
    ['has an old version', { metadata: { resourceVersion: '1' } }],
    ['has another uid', { metadata: { uid: '11111111-2222-3333-4444-555555555555' } }],
    ['sets deletionTimestamp', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    ['changes the kind', { kind: 'Nothing' }],
    ['changes the version', { apiVersion: 'v9' }],
    ['takes the metadata away', { metadata: null }],
    ['repeats a member', '{"metadata":{"labels":{"a":"b","a":"c"}}}'],
  ],
  strategic: [
    ['adds a label', { metadata: { labels: { patched: 'again' } } }],
    ['replaces by directive', { metadata: { labels: { $patch: 'replace', only: 'this' } } }],
    ['has a directive nobody knows', { metadata: { $patch: 'frob' } }],
    ['adds a finalizer', { metadata: { finalizers: ['example.com/held'] } }],
    ['takes from a list of texts', { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/held'] } }],
    ['is null', null],
    ['is a list', []],
    ['is no JSON', '{'],
    ['has text for an object', { metadata: 'text' }],
    ['has an unknown field', { strange: 1 }],
    ['retains keys', { metadata: { $retainKeys: ['name'], name: '{{metadata.name}}' } }],
  ],
  apply: [
    ['says nothing', {}],
    ['is of another version', { apiVersion: 'v9', kind: '{{kind}}' }],
    ['is of another kind', { apiVersion: '{{apiVersion}}', kind: 'Nothing' }],
    ['owns a label', { apiVersion: '{{apiVersion}}', kind: '{{kind}}', metadata: { labels: { applied: 'yes' } } }],
    ['has an unknown field', { apiVersion: '{{apiVersion}}', kind: '{{kind}}', strange: 1 }],
    ['is of two documents', 'apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: ConfigMap\n'],
    ['is null', null],
    ['is no YAML', '{'],
    [
      'has managed fields',
      { apiVersion: '{{apiVersion}}', kind: '{{kind}}', metadata: { managedFields: [{ manager: 'x' }] } },
    ],
  ],
};

const QUERIES: Readonly<Record<PatchType, string>> = {
  json: '',
  merge: '',
  strategic: '',
  apply: 'fieldManager=compared&force=true',
};

/** Patches of the four kinds of one object. Those of single fields are only tried. */
export function patchCases(kind: ComparedKind, random: Random, mutations: number): Case[] {
  const { definition, collection, resource, draft } = kind;
  if (!definition.verbs.includes('patch')) return [];
  const make = caseMaker('patch', resource);
  const object = draft('patched');
  const path = `${collection}/${nameOf(object)}`;
  const patch = (type: PatchType, name: string, body: unknown, query = QUERIES[type]) =>
    make(`${type} ${name}`, {
      method: 'PATCH',
      path: `${path}${query && `?${query}`}`,
      body,
      headers: { 'content-type': TYPES[type] },
    });
  const found = chosen(random, mutationsOf(definition.schemas, definition.schema, object), mutations);
  const single = found.flatMap((mutation) => {
    const merge = nested(mutation);
    const [change, tried] = [`sets ${mutation.name}`, 'dryRun=All'];
    return [
      patch('json', change, [operation(mutation)], tried),
      ...(merge ? [patch(random.chance(0.5) ? 'merge' : 'strategic', change, merge, tried)] : []),
    ];
  });
  const usual = (Object.keys(TYPES) as PatchType[]).flatMap((type) =>
    USUAL[type].map(([name, body]) => patch(type, name, body)),
  );
  return [
    patch('merge', 'of what is not there', {}),
    make('made for it', { method: 'POST', path: collection, body: object }),
    make('of an unknown type', { method: 'PATCH', path, body: {}, headers: { 'content-type': 'text/plain' } }),
    ...usual,
    patch('merge', 'forced', {}, 'force=true'),
    patch('apply', 'without a manager', { apiVersion: '{{apiVersion}}', kind: '{{kind}}' }, 'dryRun=All'),
    ...single,
  ];
}
