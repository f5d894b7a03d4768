import type { Case } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';

const WRITES: readonly string[] = [
  'dryRun=',
  'dryRun=All',
  'dryRun=all',
  'dryRun=All&dryRun=All',
  'dryRun=All&dryRun=',
  'dryRun=None',
  'fieldValidation=',
  'fieldValidation=Strict',
  'fieldValidation=Sometimes',
  'fieldManager=',
  `fieldManager=${'x'.repeat(129)}`,
  'fieldManager=%00',
  'fieldManager=someone',
  'pretty=true',
  'timeout=1s',
  'timeout=x',
  'strange=1',
];

const DELETES: readonly string[] = [
  'dryRun=',
  'dryRun=Some',
  'gracePeriodSeconds=0',
  'gracePeriodSeconds=x',
  'gracePeriodSeconds=-1',
  'propagationPolicy=Foreground&dryRun=All',
  'propagationPolicy=Sideways',
  'propagationPolicy=',
  'orphanDependents=true&dryRun=All',
  'orphanDependents=perhaps',
  'orphanDependents=true&propagationPolicy=Orphan',
  'ignoreStoreReadErrorWithClusterBreakingPotential=true',
];

/** The same writes with parameters right and wrong. */
export function parameterCases({ definition, collection, resource, draft }: ComparedKind): Case[] {
  const make = caseMaker('parameters', resource);
  const of = (verb: 'create' | 'update' | 'patch' | 'delete', cases: Case[]) =>
    definition.verbs.includes(verb) ? cases : [];
  const object = draft('parameters');
  const path = `${collection}/${nameOf(object)}`;
  const post = (query: string, index: number) =>
    make(`create ${query}`, { method: 'POST', path: `${collection}?${query}`, body: draft(`parameter-${index}`) });
  const merge = { 'content-type': 'application/merge-patch+json' };
  return [
    ...WRITES.map(post),
    make('made for it', { method: 'POST', path: collection, body: object }),
    ...of(
      'update',
      WRITES.map((query) => make(`update ${query}`, { method: 'PUT', path: `${path}?${query}`, body: object })),
    ),
    ...of(
      'patch',
      [...WRITES, 'force=true', 'force=false', 'force='].map((query) =>
        make(`patch ${query}`, { method: 'PATCH', path: `${path}?${query}`, body: {}, headers: merge }),
      ),
    ),
    ...of(
      'delete',
      DELETES.flatMap((query, index) => {
        const one = draft(`deleted-${index}`);
        return [
          make('made for it', { method: 'POST', path: collection, body: one }),
          make(`delete ${query}`, { method: 'DELETE', path: `${collection}/${nameOf(one)}?${query}` }),
          make('whether it is gone', { method: 'GET', path: `${collection}/${nameOf(one)}` }),
        ];
      }),
    ),
  ];
}
