import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  notSupported,
  required,
  semanticEqual,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { validateFinalizers, validateMeta, validateSupported } from '@binnacle/apis-registry';
import type { CronJob, CronJobSpec, JobTemplateSpec } from '../index.js';
import { validateJobSpec } from '../job/spec-validation.js';
import { scheduleProblem } from './schedule.js';
import { isTimeZone } from './time-zone.js';

const SPEC = fieldPath('spec');
const POLICIES = ['Allow', 'Forbid', 'Replace'];
/** Jobs get a suffix of eleven characters after the name. */
const LONGEST_NAME = 52;

/** A zone in the schedule is as old as the schedule: who has it keeps it. */
function validateZoneInSchedule(spec: CronJobSpec, old: CronJobSpec | undefined, path: FieldPath): FieldError[] {
  if (!spec.schedule.includes('TZ')) return [];
  if (!old?.schedule?.includes('TZ'))
    return [invalid(path, spec.schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')];
  if (spec.timeZone === undefined) return [];
  return [invalid(path, spec.schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')];
}

function validateSchedule(spec: CronJobSpec, old: CronJobSpec | undefined): FieldError[] {
  const path = SPEC.child('schedule');
  if (!spec.schedule) return [required(path)];
  const problem = scheduleProblem(spec.schedule);
  return [
    ...(problem === undefined ? [] : [invalid(path, spec.schedule, problem)]),
    ...validateZoneInSchedule(spec, old, path),
  ];
}

const UNSAID = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';

function validateTimeZone(zone: string | undefined, path: FieldPath): FieldError[] {
  if (zone === undefined) return [];
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')];
  const local = zone.toLowerCase() === 'local';
  const errors = local ? [invalid(path, zone, UNSAID)] : [];
  return isTimeZone(zone) || zone === 'Local' ? errors : [...errors, invalid(path, zone, `unknown time zone ${zone}`)];
}

function validatePolicy(policy: string | undefined, path: FieldPath): FieldError[] {
  if (!policy) return [required(path)];
  return validateSupported(policy, path, POLICIES);
}

/** Its Jobs get selectors of their own. */
function validateTemplate({ spec }: JobTemplateSpec, path: FieldPath): FieldError[] {
  if (!spec) return [];
  const { selector, manualSelector } = spec;
  return [
    ...validateJobSpec(spec, path),
    ...(selector ? [invalid(path.child('selector'), selector, '`selector` will be auto-generated')] : []),
    ...(manualSelector ? [notSupported(path.child('manualSelector'), manualSelector, ['nil', 'false'])] : []),
  ];
}

function validateSpec(spec: CronJobSpec, old?: CronJobSpec): FieldError[] {
  const limits = ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const;
  const zoned = !old || !semanticEqual(spec.timeZone, old.timeZone);
  return [
    ...validateSchedule(spec, old),
    ...validateNonNegative(spec.startingDeadlineSeconds, SPEC.child('startingDeadlineSeconds')),
    ...(zoned ? validateTimeZone(spec.timeZone, SPEC.child('timeZone')) : []),
    ...validatePolicy(spec.concurrencyPolicy, SPEC.child('concurrencyPolicy')),
    ...validateTemplate(spec.jobTemplate, SPEC.child('jobTemplate', 'spec')),
    ...limits.flatMap((limit) => validateNonNegative(spec[limit], SPEC.child(limit))),
  ];
}

/** Behaves as kubernetes pkg/apis/batch/validation ValidateCronJobCreate. */
export function validateNewCronJob(job: CronJob): FieldError[] {
  const { name = '' } = job.metadata;
  const why = `must be no more than ${LONGEST_NAME} characters`;
  return [
    ...validateMeta(job, true),
    ...validateSpec(job.spec),
    ...(name.length > LONGEST_NAME ? [invalid(fieldPath('metadata', 'name'), name, why)] : []),
  ];
}

export function validateCronJobUpdate(next: CronJob, old: CronJob): FieldError[] {
  return [...validateFinalizers(next.metadata), ...validateSpec(next.spec, old.spec)];
}
