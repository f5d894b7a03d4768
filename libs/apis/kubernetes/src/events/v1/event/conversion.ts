import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { Event as CoreEvent } from '../../../core/v1/index.js';
import type { Event } from '../index.js';

/** The fields that go by another name in core/v1, which is the form events are stored in. */
const STORED_NAMES = {
  note: 'message',
  regarding: 'involvedObject',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
} as const satisfies Partial<Record<keyof Event, keyof CoreEvent>>;

const SERVED_NAMES = Object.fromEntries(Object.entries(STORED_NAMES).map(([served, stored]) => [stored, served]));

function rename(object: object, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([field, value]) => [names[field] ?? field, value]));
}

export function toStored(event: Event): UnstructuredObject {
  const { metadata, ...rest } = event;
  const fields = rename(rest, STORED_NAMES);
  return { ...fields, involvedObject: fields.involvedObject ?? {}, apiVersion: 'v1', kind: 'Event', metadata };
}

/** As upstream's encoder writes a time that is not there; clients in Go cannot read an empty text as one. */
const NO_TIME = { eventTime: null as unknown as string };

export function fromStored(stored: UnstructuredObject): Event {
  const { metadata, ...rest } = stored;
  const fields = rename(rest, SERVED_NAMES);
  return { ...NO_TIME, ...fields, apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata };
}
