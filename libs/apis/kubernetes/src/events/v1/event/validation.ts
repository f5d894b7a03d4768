import { validateLegacyEvent } from '../../../core/v1/event/validation.js';
import type { Event as CoreEvent } from '../../../core/v1/index.js';
import {
  type FieldError,
  fieldPath,
  invalid,
  required,
  semanticEqual,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { validateMeta } from '@binnacle/apis-registry';
import type { Event } from '../index.js';
import { toStored } from './conversion.js';

const TYPES = ['Normal', 'Warning'];

/** Fields that only old clients of the core group may write, under the names their errors show. */
const LEGACY = [
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['deprecatedSource', 'source'],
] as const;

function validateSeries({ series }: Event): FieldError[] {
  if (!series) return [];
  const errors: FieldError[] = [];
  if (series.count < 2) errors.push(invalid(fieldPath('series.count'), '', 'should be at least 2'));
  if (!series.lastObservedTime) errors.push(required(fieldPath('series.lastObservedTime')));
  return errors;
}

export function validateEvent(event: Event): FieldError[] {
  return [
    ...validateLegacyEvent(toStored(event) as unknown as CoreEvent, 'reportingController'),
    ...validateMeta(event, true),
  ];
}

/** Behaves as kubernetes pkg/apis/core/validation ValidateEventCreate for events.k8s.io/v1. */
export function validateNewEvent(event: Event): FieldError[] {
  const legacy = LEGACY.filter(([field]) => !semanticEqual(event[field] || undefined, undefined));
  return [
    ...validateSeries(event),
    ...(event.eventTime ? [] : [required(fieldPath('eventTime'))]),
    ...(TYPES.includes(event.type ?? '')
      ? []
      : [invalid(fieldPath('type'), '', `has invalid value: ${event.type ?? ''}`)]),
    ...legacy.map(([, shown]) => invalid(fieldPath(shown), '', 'needs to be unset')),
  ];
}

/** In upstream's order, by the names of the stored form, which its errors show; … */
const FIXED = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
] as const satisfies readonly (keyof CoreEvent)[];
/** … but for these. */
const REPORTER = ['reportingController', 'reportingInstance'] as const;

/** Only the series of an event may grow. */
export function validateEventUpdate(next: Event, old: Event): FieldError[] {
  const [after, before] = [next, old].map((event) => toStored(event) as unknown as CoreEvent) as [CoreEvent, CoreEvent];
  return [
    ...(semanticEqual(next.series, old.series) ? [] : validateSeries(next)),
    ...FIXED.flatMap((field) => validateImmutable(after[field], before[field], fieldPath(field))),
    ...REPORTER.flatMap((field) => validateImmutable(next[field], old[field], fieldPath(field))),
  ];
}
