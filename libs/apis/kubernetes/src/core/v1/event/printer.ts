import { type Cell, type TablePrinter, column, nameColumn, nameOf, since, wide } from '@binnacle/apis-registry';
import type { Event } from '../index.js';

function times(event: Event, now: number): { first: string; last: string; count: number } {
  const first = since(event.firstTimestamp ?? event.eventTime, now);
  if (event.series) return { first, last: since(event.series.lastObservedTime, now), count: event.series.count ?? 0 };
  return { first, last: event.lastTimestamp ? since(event.lastTimestamp, now) : first, count: event.count || 1 };
}

function target({ involvedObject: { kind = '', name } }: Event): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function source({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || '';
  const instance = source?.host || reportingInstance || '';
  return instance ? `${component}, ${instance}` : component;
}

function row(event: Event, now: number): Cell[] {
  const { first, last, count } = times(event, now);
  return [
    last,
    event.type ?? '',
    event.reason ?? '',
    target(event),
    event.involvedObject.fieldPath ?? '',
    source(event),
    (event.message ?? '').trim(),
    first,
    count,
    nameOf(event),
  ];
}

export const printer: TablePrinter<Event> = {
  columns: [
    column('Last Seen', 'Time since the event was last observed.'),
    column('Type', 'Normal or Warning.'),
    column('Reason', 'Why the event was recorded, in one word for programs.'),
    column('Object', 'What the event is about.'),
    wide('Subobject', 'The part of the object the event is about.'),
    wide('Source', 'Who reported the event.'),
    column('Message', 'What happened, in words.'),
    wide('First Seen', 'Time since the event was first observed.'),
    wide('Count', 'How often the event was observed.'),
    { ...nameColumn, priority: 1 },
  ],
  row,
};
