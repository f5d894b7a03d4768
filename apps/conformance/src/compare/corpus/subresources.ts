import type { Random } from '@binnacle/testing-fuzz';
import type { Case, Json } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';
import { chosen, mutated, mutationsOf } from './mutations.js';

const MERGE = { 'content-type': 'application/merge-patch+json' };

interface Place {
  readonly kind: ComparedKind;
  readonly object: Json;
  readonly path: string;
  readonly make: ReturnType<typeof caseMaker>;
}

function statusCases({ kind: { definition }, object, path, make }: Place, random: Random, mutations: number): Case[] {
  const found = mutationsOf(definition.schemas, definition.schema, { ...object, status: {} });
  const ofStatus = chosen(
    random,
    found.filter((mutation) => mutation.path[0] === 'status'),
    mutations,
  );
  const put = (name: string, body: unknown, query = '') =>
    make(`status ${name}`, { method: 'PUT', path: `${path}/status${query}`, body });
  return [
    make('status read', { method: 'GET', path: `${path}/status` }),
    put('as it is', { ...object, status: {} }),
    put('without a name', { ...object, metadata: {} }),
    put('of another', { ...object, metadata: { name: 'another' } }),
    put('with labels', { ...object, metadata: { ...(object.metadata as Json), labels: { changed: 'yes' } } }),
    make('status patched', { method: 'PATCH', path: `${path}/status`, body: { status: null }, headers: MERGE }),
    make('status created', { method: 'POST', path: `${path}/status`, body: object }),
    make('status deleted', { method: 'DELETE', path: `${path}/status` }),
    ...ofStatus.map((mutation) =>
      put(`with ${mutation.name}`, mutated({ ...object, status: {} }, mutation), '?dryRun=All'),
    ),
  ];
}

function scaleCases({ object, path, make }: Place): Case[] {
  const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: nameOf(object) } };
  const put = (name: string, body: unknown) => make(`scale ${name}`, { method: 'PUT', path: `${path}/scale`, body });
  const patch = (name: string, body: unknown, type = MERGE['content-type']) =>
    make(`scale ${name}`, { method: 'PATCH', path: `${path}/scale`, body, headers: { 'content-type': type } });
  return [
    make('scale read', { method: 'GET', path: `${path}/scale` }),
    make('scale as a table', {
      method: 'GET',
      path: `${path}/scale`,
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    }),
    put('to 1', { ...scale, spec: { replicas: 1 } }),
    put('to -1', { ...scale, spec: { replicas: -1 } }),
    put('without a name', { ...scale, metadata: {}, spec: { replicas: 2 } }),
    put('of another', { ...scale, metadata: { name: 'another' }, spec: { replicas: 2 } }),
    put('with an old version', { ...scale, metadata: { ...scale.metadata, resourceVersion: '1' } }),
    put('without a spec', scale),
    put('with the object itself', object),
    patch('patched to 0', { spec: { replicas: 0 } }),
    patch('patched to a text', { spec: { replicas: 'many' } }),
    patch('patched strategically', { spec: { replicas: 0 } }, 'application/strategic-merge-patch+json'),
    patch(
      'patched by operations',
      [{ op: 'replace', path: '/spec/replicas', value: 0 }],
      'application/json-patch+json',
    ),
    make('scale applied', {
      method: 'PATCH',
      path: `${path}/scale?fieldManager=compared&force=true`,
      body: { apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 1 } },
      headers: { 'content-type': 'application/apply-patch+yaml' },
    }),
  ];
}

/** Reads and writes of the subresources every kind may have, and that others are not there. */
export function subresourceCases(kind: ComparedKind, random: Random, mutations: number): Case[] {
  const { definition, collection, resource, draft } = kind;
  const object = draft('parts');
  const path = `${collection}/${nameOf(object)}`;
  const make = caseMaker('subresource', resource);
  const place = { kind, object, path, make };
  const has = (name: string) => definition.subresources.some((one) => one.name === name);
  return [
    make('made for it', { method: 'POST', path: collection, body: object }),
    make('nothing of it', { method: 'GET', path: `${path}/nothing` }),
    ...(has('status')
      ? statusCases(place, random, mutations)
      : [make('no status', { method: 'GET', path: `${path}/status` })]),
    ...(has('scale') ? scaleCases(place) : [make('no scale', { method: 'GET', path: `${path}/scale` })]),
  ];
}
