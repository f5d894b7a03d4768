import type { Case } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';

const UID = '11111111-2222-3333-4444-555555555555';
const OPTIONS: readonly (readonly [string, object])[] = [
  ['plainly', {}],
  ['with its uid', { preconditions: { uid: '{{metadata.uid}}' } }],
  ['with another uid', { preconditions: { uid: UID } }],
  ['with an old version', { preconditions: { resourceVersion: '1' } }],
  ['in the background', { propagationPolicy: 'Background' }],
  ['in the foreground', { propagationPolicy: 'Foreground' }],
  ['orphaning', { propagationPolicy: 'Orphan' }],
  ['by the old word', { orphanDependents: true }],
  ['by both words', { orphanDependents: true, propagationPolicy: 'Orphan' }],
  ['in a way nobody knows', { propagationPolicy: 'Sideways' }],
  ['at once', { gracePeriodSeconds: 0 }],
  ['later', { gracePeriodSeconds: 5 }],
  ['only tried', { dryRun: ['All'] }],
  ['tried otherwise', { dryRun: ['Some'] }],
];

/** Deletes with options in their body, of one object and of what a selector takes. */
export function deleteCases({ definition, collection, resource, draft }: ComparedKind): Case[] {
  if (!definition.verbs.includes('delete')) return [];
  const make = caseMaker('delete', resource);
  const each = OPTIONS.flatMap(([name, options], index) => {
    const object = draft(`gone-${index}`);
    const path = `${collection}/${nameOf(object)}`;
    return [
      make('made for it', { method: 'POST', path: collection, body: object }),
      make(name, { method: 'DELETE', path, body: { kind: 'DeleteOptions', apiVersion: 'v1', ...options } }),
      make('read afterwards', { method: 'GET', path }),
    ];
  });
  const held = draft('held');
  const path = `${collection}/${nameOf(held)}`;
  const finalizers = { finalizers: ['example.com/hold'] };
  const merge = { 'content-type': 'application/merge-patch+json' };
  const patch = (name: string, metadata: object) =>
    make(name, { method: 'PATCH', path, body: { metadata }, headers: merge });
  return [
    make('what is not there', { method: 'DELETE', path: `${collection}/nothing` }),
    ...each,
    make('made with a finalizer', {
      method: 'POST',
      path: collection,
      body: { ...held, metadata: { ...(held.metadata as object), ...finalizers } },
    }),
    make('what is held', { method: 'DELETE', path }),
    make('what is held, again', { method: 'DELETE', path }),
    patch('another finalizer', { finalizers: ['example.com/hold', 'example.com/more'] }),
    patch('no finalizer any more', { finalizers: null }),
    make('whether it is gone', { method: 'GET', path }),
    ...(definition.verbs.includes('deletecollection')
      ? [
          make('all, only tried', { method: 'DELETE', path: `${collection}?dryRun=All&labelSelector=nothing%3Dx` }),
          make('all of a bad selector', { method: 'DELETE', path: `${collection}?labelSelector=a+in+(b` }),
          make('all of a label', { method: 'DELETE', path: `${collection}?labelSelector=nothing%3Dx` }),
        ]
      : []),
  ];
}
