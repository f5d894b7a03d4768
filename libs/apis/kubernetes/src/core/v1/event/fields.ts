import type { Event, ObjectReference } from '../index.js';

const REFERENCE_FIELDS = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

type Fields = Record<string, (event: Event) => string>;

/** Selectors over the object an event is about, under the name a group gives it. */
export function referenceFields<T>(
  prefix: string,
  referenceOf: (event: T) => ObjectReference | undefined,
): Record<string, (event: T) => string> {
  return Object.fromEntries(
    REFERENCE_FIELDS.map((field) => [`${prefix}.${field}`, (event: T) => referenceOf(event)?.[field] ?? '']),
  );
}

/** Behaves as kubernetes pkg/registry/core/event ToSelectableFields. */
export const eventFields: Fields = {
  ...referenceFields<Event>('involvedObject', (event) => event.involvedObject),
  reason: (event) => event.reason ?? '',
  reportingComponent: (event) => event.reportingComponent ?? '',
  source: (event) => event.source?.component || event.reportingComponent || '',
  type: (event) => event.type ?? '',
};
