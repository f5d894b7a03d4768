import {
  type FieldError,
  fieldPath,
  invalid,
  invalidEach,
  isDns1123Subdomain,
  isQualifiedName,
  nameIsPathSegment,
  required,
} from '@binnacle/machinery-validation';
import { validatePlainMeta } from '@binnacle/apis-registry';
import type { Event } from '../index.js';

const MAX_WORD = 128;
const MAX_NOTE = 1024;

/** Events of what has no namespace live in `default`, or `kube-system`; new ones of what has one may live anywhere. */
function validateNamespace({ metadata, involvedObject, eventTime }: Event): FieldError[] {
  const { namespace = '' } = metadata;
  const about = involvedObject.namespace ?? '';
  const homes = eventTime ? ['default', 'kube-system'] : ['', 'default'];
  if (about === '' ? homes.includes(namespace) : eventTime || about === namespace) return [];
  return [invalid(fieldPath('involvedObject', 'namespace'), about, 'does not match event.namespace')];
}

function validateWord(value: string, field: string, most: number): FieldError[] {
  return value.length > most ? [invalid(fieldPath(field), '', `can have at most ${most} characters`)] : [];
}

function validateRequiredWord(value: string | undefined, field: string): FieldError[] {
  return value ? validateWord(value, field, MAX_WORD) : [required(fieldPath(field))];
}

/** Events with an eventTime are of the new kind, and say who reports what was done and why. */
function validateNewEvent(event: Event, reporterField: string): FieldError[] {
  const { reportingComponent: reporter = '' } = event;
  const controller = fieldPath(reporterField);
  return [
    ...(reporter ? [] : [required(controller)]),
    ...invalidEach(controller, reporter, isQualifiedName(reporter)),
    ...validateRequiredWord(event.reportingInstance, 'reportingInstance'),
    ...validateRequiredWord(event.action, 'action'),
    ...validateRequiredWord(event.reason, 'reason'),
    ...validateWord(event.message ?? '', 'message', MAX_NOTE),
  ];
}

/** Behaves as kubernetes pkg/apis/core/validation legacyValidateEvent. `reporterField`: what a group calls the reporter. */
export function validateLegacyEvent(event: Event, reporterField: string): FieldError[] {
  const { namespace = '' } = event.metadata;
  return [
    ...validateNamespace(event),
    ...invalidEach(fieldPath('namespace'), namespace, isDns1123Subdomain(namespace)),
    ...(event.eventTime ? validateNewEvent(event, reporterField) : []),
  ];
}

/** Of the rest upstream looks only at the metadata, as it does of every kind. */
export function validateEvent(event: Event): FieldError[] {
  const errors = validateLegacyEvent(event, 'reportingComponent');
  return errors.length > 0 ? errors : validatePlainMeta(event, true, nameIsPathSegment);
}
