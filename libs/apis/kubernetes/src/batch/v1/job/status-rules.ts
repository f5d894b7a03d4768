import { fieldPath, invalid, invalidWithoutValue, required } from '@binnacle/machinery-validation';
import type { Job, JobStatus } from '../index.js';
import { hasCondition, isFinished, type JobConditionType } from './conditions.js';
import type { Rule } from './status-rule.js';

const STATUS = fieldPath('status');
const CONDITIONS = STATUS.child('conditions');

const is = (type: JobConditionType) => (job: Job) => hasCondition(job, type);
const both = (one: JobConditionType, other: JobConditionType) => (job: Job) =>
  hasCondition(job, one) && hasCondition(job, other);
const conditions = (detail: string) => () => invalidWithoutValue(CONDITIONS, detail);
const field = (name: keyof JobStatus) => (job: Job) => job.status?.[name];

const complete = is('Complete');
const failed = is('Failed');
const target = is('FailureTarget');
const met = is('SuccessCriteriaMet');
const completionTime = field('completionTime');
const startTime = field('startTime');
const valueAt = (name: keyof JobStatus, detail: string) => (job: Job) =>
  invalid(STATUS.child(name), job.status?.[name] ?? null, detail);

/** Nobody ran it: a Job that was suspended from the first and has nothing to do. */
const neverBegins = ({ spec }: Job): boolean => spec?.suspend === true && spec.completions === 0;
const uncounted = ({ status }: Job): number => {
  const { succeeded = [], failed: lost = [] } = status?.uncountedTerminatedPods ?? {};
  return succeeded.length + lost.length;
};
const endsBeforeItStarts = ({ status }: Job): boolean =>
  Boolean(status?.startTime && status.completionTime && status.completionTime < status.startTime);

/** What may not come together, in upstream's order. Each is judged only where one of its parts has changed. */
export const BEFORE_INDEXES: readonly Rule[] = [
  {
    of: [complete, failed],
    when: both('Complete', 'Failed'),
    error: conditions('cannot set Complete=True and Failed=true conditions'),
  },
  {
    of: [complete, target],
    when: both('Complete', 'FailureTarget'),
    error: conditions('cannot set Complete=True and FailureTarget=true conditions'),
  },
  {
    of: [complete, completionTime],
    when: (job) => Boolean(completionTime(job)) && !complete(job),
    error: valueAt('completionTime', 'cannot set completionTime when there is no Complete=True condition'),
  },
  {
    of: [complete, completionTime],
    when: (job) => !completionTime(job) && complete(job),
    error: () => required(STATUS.child('completionTime'), 'completionTime is required for Complete jobs'),
  },
  {
    of: [startTime, completionTime],
    when: endsBeforeItStarts,
    error: valueAt('completionTime', 'must be equal to or after `startTime`'),
  },
  {
    of: [failed, field('failedIndexes')],
    when: (job) => failed(job) && !target(job),
    error: conditions('cannot set Failed=True condition without the FailureTarget=true condition'),
  },
  {
    of: [complete, met],
    when: (job) => complete(job) && !met(job),
    error: conditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'),
  },
  {
    of: [isFinished, field('active')],
    when: (job) => isFinished(job) && (job.status?.active ?? 0) > 0,
    error: valueAt('active', 'active>0 is invalid for finished job'),
  },
  {
    of: [isFinished, startTime],
    when: (job) => isFinished(job) && !startTime(job) && !neverBegins(job),
    error: () => required(STATUS.child('startTime'), 'startTime is required for finished job'),
  },
  {
    of: [isFinished, field('uncountedTerminatedPods')],
    when: (job) => isFinished(job) && uncounted(job) > 0,
    error: valueAt('uncountedTerminatedPods', 'must be empty for finished job'),
  },
];

export const AFTER_INDEXES: readonly Rule[] = [
  {
    of: [isFinished, field('terminating')],
    when: (job) => isFinished(job) && (job.status?.terminating ?? 0) > 0,
    error: valueAt('terminating', 'terminating>0 is invalid for finished job'),
  },
  {
    of: [field('ready'), field('active')],
    when: ({ status }) => (status?.ready ?? 0) > (status?.active ?? 0),
    error: valueAt('ready', 'cannot set more ready pods than active'),
  },
  {
    when: both('SuccessCriteriaMet', 'Failed'),
    error: conditions('cannot set SuccessCriteriaMet=True and Failed=true conditions'),
  },
  {
    when: both('SuccessCriteriaMet', 'FailureTarget'),
    error: conditions('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'),
  },
  {
    when: (job) => job.spec?.successPolicy !== undefined && complete(job) && !met(job),
    error: conditions('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'),
  },
];
