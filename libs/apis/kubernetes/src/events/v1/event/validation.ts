import { validateEvent as validateCoreEvent } from '../../../core/v1/event/validation.js';
import type { Event as CoreEvent } from '../../../core/v1/index.js';
import {
  type FieldError,
  fieldPath,
  invalid,
  required,
  semanticEqual,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { validateMeta } from '../../../registry/rules.js';
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
    ...validateCoreEvent(toStored(event) as unknown as CoreEvent),
    ...validateMeta(event, true),
    ...validateSeries(event),
  ];
}

/** Behaves as kubernetes pkg/apis/core/validation ValidateEventCreate for events.k8s.io/v1. */
export function validateNewEvent(event: Event): FieldError[] {
  const legacy = LEGACY.filter(([field]) => !semanticEqual(event[field] || undefined, undefined));
  return [
    ...(event.eventTime ? [] : [required(fieldPath('eventTime'))]),
    ...(TYPES.includes(event.type ?? '')
      ? []
      : [invalid(fieldPath('type'), '', `has invalid value: ${event.type ?? ''}`)]),
    ...legacy.map(([, shown]) => invalid(fieldPath(shown), '', 'needs to be unset')),
  ];
}

const FIXED = [
  'regarding',
  'reportingController',
  'reportingInstance',
  'action',
  'reason',
  'note',
  'type',
  'eventTime',
] as const;

/** Only the series of an event may grow. */
export function validateEventUpdate(next: Event, old: Event): FieldError[] {
  return FIXED.flatMap((field) => validateImmutable(next[field], old[field], fieldPath(field)));
}
