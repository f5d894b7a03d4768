import type { Case, Json } from '../case.js';
import { caseMaker, NAMESPACE } from './kind.js';

const CORE = `/api/v1/namespaces/${NAMESPACE}/events`;
const GROUP = `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`;
const about = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'web', uid: 'u', fieldPath: 'spec' };
const core: Json = {
  apiVersion: 'v1',
  kind: 'Event',
  involvedObject: about,
  reason: 'Old',
  message: 'said in the old way',
  type: 'Warning',
  source: { component: 'old' },
  reportingComponent: '',
  reportingInstance: '',
};
const group: Json = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  regarding: about,
  reason: 'New',
  note: 'said in the new way',
  type: 'Normal',
  action: 'Say',
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'example.com/new',
  reportingInstance: 'new-1',
};

const FIELDS: readonly string[] = [
  'involvedObject.kind=Pod',
  'involvedObject.name=web',
  'involvedObject.fieldPath=spec',
  'involvedObject.nothing=x',
  'regarding.kind=Pod',
  'regarding.name=web',
  'reason=New',
  'reason=Old',
  'type=Warning',
  'source=old',
  'reportingComponent=example.com/new',
  'reportingController=example.com/new',
];

const SPOILED: readonly (readonly [string, Json])[] = [
  ['bad labels', { metadata: { name: 'spoiled', labels: { 'no key!': 'v' } } }],
  ['a time that is none', { firstTimestamp: 'yesterday' }],
  ['an event time', { eventTime: '2026-01-01T00:00:00.000000Z' }],
  ['another namespace', { involvedObject: { ...about, namespace: 'elsewhere' } }],
  ['no object', { involvedObject: {} }],
  ['a series', { series: { count: 2, lastObservedTime: '2026-01-01T00:00:00.000000Z' } }],
  ['a long reason', { reason: 'x'.repeat(129) }],
  ['a type nobody knows', { type: 'Strange' }],
  ['a negative count', { count: -1 }],
];

/** Both groups of Events show the same objects. */
export function eventCases(): Case[] {
  const make = caseMaker('events', 'events');
  const named = (object: Json, name: string) => ({ ...object, metadata: { name, namespace: NAMESPACE } });
  return [
    make('made in core', { method: 'POST', path: CORE, body: named(core, 'old') }),
    make('made in its group', { method: 'POST', path: GROUP, body: named(group, 'new') }),
    make('core read in its group', { method: 'GET', path: `${GROUP}/old` }),
    make('of its group read in core', { method: 'GET', path: `${CORE}/new` }),
    ...[CORE, GROUP].flatMap((path) =>
      FIELDS.map((field) =>
        make(`${field} in ${path.startsWith('/apis') ? 'its group' : 'core'}`, {
          method: 'GET',
          path: `${path}?fieldSelector=${encodeURIComponent(field)}`,
        }),
      ),
    ),
    ...SPOILED.map(([name, change]) =>
      make(`core with ${name}`, {
        method: 'POST',
        path: `${CORE}?dryRun=All`,
        body: { ...named(core, 'spoiled'), ...change },
      }),
    ),
    ...SPOILED.map(([name, change]) =>
      make(`its group with ${name}`, {
        method: 'POST',
        path: `${GROUP}?dryRun=All`,
        body: { ...named(group, 'spoiled'), ...change },
      }),
    ),
    make('replaced in core', { method: 'PUT', path: `${CORE}/new`, body: named(core, 'new') }),
    make('replaced in its group', { method: 'PUT', path: `${GROUP}/old`, body: named(group, 'old') }),
  ];
}
