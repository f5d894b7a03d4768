import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { events as coreEvents } from '../../../core/v1/event/definition.js';
import { printer } from '../../../core/v1/event/printer.js';
import type { Event as CoreEvent } from '../../../core/v1/index.js';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Event } from '../index.js';
import { fromStored, toStored } from './conversion.js';
import { eventsV1 } from './definition.js';

const event: Event = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'pod.1', namespace: 'ns' },
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'example.com/controller',
  reportingInstance: 'controller-1',
  action: 'Starting',
  reason: 'Started',
  note: 'It runs',
  type: 'Normal',
  regarding: { kind: 'Pod', namespace: 'ns', name: 'pod' },
};
const coreEvent = (fields: Partial<CoreEvent> = {}): CoreEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'pod.1', namespace: 'ns' },
  involvedObject: { kind: 'Pod', namespace: 'ns', name: 'pod' },
  ...fields,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('the two kinds of events', () => {
  it('are one in store, under the names of the core', () => {
    expect(toStored(event)).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: event.metadata,
      eventTime: event.eventTime,
      reportingComponent: 'example.com/controller',
      reportingInstance: 'controller-1',
      action: 'Starting',
      reason: 'Started',
      message: 'It runs',
      type: 'Normal',
      involvedObject: event.regarding,
    });
  });

  it('come back as they went', () => {
    const text = fc.string();
    const fields = fc.record(
      { note: text, reason: text, deprecatedCount: fc.nat(), deprecatedSource: fc.record({ component: text }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (extra) => {
        const given: Event = { ...event, ...extra };
        expect(fromStored(toStored(given))).toEqual(given);
      }),
    );
  });

  it('show a core event to clients of the new group', () => {
    const served = fromStored({ ...coreEvent({ message: 'Hi', source: { component: 'c' }, count: 3 }) });
    expect(served).toMatchObject({
      note: 'Hi',
      deprecatedSource: { component: 'c' },
      deprecatedCount: 3,
      // Not an empty text, which is no time for clients in Go.
      eventTime: null,
    });
  });
});

describe('a new event', () => {
  it.each<[reason: string, Partial<Event>, expected: string[]]>([
    ['is complete', {}, []],
    ['says when', { eventTime: '' }, ['eventTime: Required value']],
    ['says who', { reportingController: '' }, expect.arrayContaining(['reportingController: Required value'])],
    ['says what was done', { action: '' }, ['action: Required value']],
    ['is normal or a warning', { type: 'Bad' }, ['type: Invalid value: "": has invalid value: Bad']],
    ['is not long', { note: 'x'.repeat(1025) }, ['message: Invalid value: "": can have at most 1024 characters']],
    ['counts in a series only', { deprecatedCount: 2 }, ['count: Invalid value: "": needs to be unset']],
    ['may be about something elsewhere', { regarding: { kind: 'Pod', namespace: 'other', name: 'x' } }, []],
    [
      'about nothing in a namespace lives in default',
      { regarding: { kind: 'Node', name: 'x' } },
      ['involvedObject.namespace: Invalid value: "": does not match event.namespace'],
    ],
  ])('%s', (_reason, fields, expected) => {
    expect(texts(rehearseCreate(eventsV1, { ...event, ...fields }).errors)).toEqual(expected);
  });

  it('may grow a series, and change nothing else', () => {
    const series = { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' };
    expect(rehearseUpdate(eventsV1, { ...event, series }, event).errors).toEqual([]);
    expect(texts(rehearseUpdate(eventsV1, { ...event, note: 'Else' }, event).errors)).toEqual([
      'message: Invalid value: "Else": field is immutable',
    ]);
  });

  it('is judged by its series only where that changes', () => {
    const short = { ...event, series: { count: 1, lastObservedTime: '2026-01-01T00:01:00.000000Z' } };
    expect(texts(rehearseUpdate(eventsV1, short, event).errors)).toEqual([
      'series.count: Invalid value: "": should be at least 2',
    ]);
    expect(rehearseUpdate(eventsV1, short, short).errors).toEqual([]);
  });
});

describe('a core event', () => {
  it('of something without a namespace lives in default', () => {
    const about = { kind: 'Node', name: 'n' };
    const at = (namespace: string) => coreEvent({ metadata: { name: 'n.1', namespace }, involvedObject: about });
    expect(rehearseCreate(coreEvents, at('default')).errors).toEqual([]);
    expect(texts(rehearseCreate(coreEvents, at('ns')).errors)).toEqual([
      'involvedObject.namespace: Invalid value: "": does not match event.namespace',
    ]);
  });

  it('has the labels of any object', () => {
    const labelled = coreEvent({ metadata: { name: 'n.1', namespace: 'ns', labels: { 'no key!': 'v' } } });
    expect(texts(rehearseCreate(coreEvents, labelled).errors)).toEqual([expect.stringMatching(/^metadata\.labels: /)]);
  });

  it('about something elsewhere is refused, unless it is of the new kind', () => {
    const about = { kind: 'Pod', namespace: 'other', name: 'x' };
    expect(texts(rehearseCreate(coreEvents, coreEvent({ involvedObject: about })).errors)).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
  });

  it('may leave out what new events must say', () => {
    expect(rehearseCreate(coreEvents, coreEvent()).errors).toEqual([]);
  });
});

describe('a printed event', () => {
  const now = Date.parse('2026-01-01T01:00:00Z');
  const cells = (fields: Partial<CoreEvent>) => {
    const row = printer.row(coreEvent(fields), now);
    return Object.fromEntries(printer.columns.map(({ name }, index) => [name, row[index]]));
  };

  it.each<[reason: string, Partial<CoreEvent>, object]>([
    ['knows nothing of time', {}, { 'Last Seen': '<unknown>', 'First Seen': '<unknown>', Count: 1 }],
    ['was seen once', { firstTimestamp: '2026-01-01T00:58:00Z' }, { 'Last Seen': '2m', 'First Seen': '2m' }],
    [
      'was seen again',
      { firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:59:00Z', count: 4 },
      { 'Last Seen': '60s', 'First Seen': '60m', Count: 4 },
    ],
    [
      'counts its series',
      {
        eventTime: '2026-01-01T00:00:00.000000Z',
        series: { count: 9, lastObservedTime: '2026-01-01T00:59:30.000000Z' },
      },
      { 'Last Seen': '30s', 'First Seen': '60m', Count: 9 },
    ],
    ['is about something', {}, { Object: 'pod/pod' }],
    ['comes from somewhere', { source: { component: 'kubelet', host: 'n' } }, { Source: 'kubelet, n' }],
    ['or from a new reporter', { reportingComponent: 'c', reportingInstance: 'c-1' }, { Source: 'c, c-1' }],
    ['is one line', { message: ' Hi \n' }, { Message: 'Hi' }],
  ])('%s', (_reason, fields, expected) => {
    expect(cells(fields)).toMatchObject(expected);
  });
});
