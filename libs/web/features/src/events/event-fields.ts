import type { UnstructuredObject } from '@binnacle/web-data';
import { compareValues } from '@binnacle/web-ui';

interface Reference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** An Event in either of its two API versions, read into one shape. */
export interface EventFields {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastSeen: string;
  readonly source: string;
  readonly object: Reference;
}

interface RawEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly note?: string;
  readonly count?: number;
  readonly deprecatedCount?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly lastTimestamp?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly source?: { readonly component?: string };
  readonly deprecatedSource?: { readonly component?: string };
  readonly reportingController?: string;
  readonly reportingComponent?: string;
  readonly involvedObject?: Reference;
  readonly regarding?: Reference;
}

const firstOf = (...texts: readonly (string | null | undefined)[]): string => texts.find(Boolean) ?? '';

function countOf({ series, count, deprecatedCount }: RawEvent): number {
  return series?.count ?? count ?? deprecatedCount ?? 1;
}

function lastSeenOf(event: RawEvent, created: string | undefined): string {
  const { series, lastTimestamp, deprecatedLastTimestamp, eventTime } = event;
  return firstOf(series?.lastObservedTime, lastTimestamp, deprecatedLastTimestamp, eventTime, created);
}

function sourceOf({ reportingController, reportingComponent, source, deprecatedSource }: RawEvent): string {
  return firstOf(reportingController, reportingComponent, source?.component, deprecatedSource?.component);
}

export function eventFields(object: UnstructuredObject): EventFields {
  const event = object as RawEvent;
  return {
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: firstOf(event.message, event.note),
    count: countOf(event),
    lastSeen: lastSeenOf(event, object.metadata.creationTimestamp),
    source: sourceOf(event),
    object: event.involvedObject ?? event.regarding ?? {},
  };
}

/** Newest first; what was seen at the same moment stays in one order. */
export function newestFirst(a: UnstructuredObject, b: UnstructuredObject): number {
  const order = Date.parse(eventFields(b).lastSeen) - Date.parse(eventFields(a).lastSeen);
  return order || compareValues(a.metadata.uid ?? '', b.metadata.uid ?? '');
}
