import {
  type FieldError,
  fieldPath,
  invalid,
  invalidWithoutValue,
  semanticEqual,
} from '@binnacle/machinery-validation';
import type { Job } from '../index.js';
import { hasCondition, type JobConditionType } from './conditions.js';

const STATUS = fieldPath('status');
const CONDITIONS = STATUS.child('conditions');
const TERMINAL: readonly JobConditionType[] = ['Failed', 'Complete', 'FailureTarget'];

/** Jobs of as many at once as there are in all can be made smaller. */
const canShrink = ({ spec }: Job): boolean =>
  spec?.completionMode === 'Indexed' && spec.completions === spec.parallelism;

function validateCounters(next: Job, old: Job): FieldError[] {
  const counters = canShrink(next) ? (['failed'] as const) : (['failed', 'succeeded'] as const);
  return counters.flatMap((counter) => {
    const [count, before] = [next.status?.[counter] ?? 0, old.status?.[counter] ?? 0];
    return count < before ? [invalid(STATUS.child(counter), count, `cannot decrease the ${counter} counter`)] : [];
  });
}

function validateTimes(next: Job, old: Job): FieldError[] {
  const changed = (name: 'completionTime' | 'startTime') =>
    old.status?.[name] !== undefined && !semanticEqual(next.status?.[name], old.status[name]);
  const errors =
    next.status?.completionTime && changed('completionTime')
      ? [invalid(STATUS.child('completionTime'), next.status.completionTime, 'field is immutable')]
      : [];
  const resumes = hasCondition(old, 'Suspended') && hasCondition(next, 'Suspended', 'False');
  if (!changed('startTime') || next.spec?.suspend || resumes) return errors;
  const why = 'field is immutable for unsuspended job once set';
  return [...errors, invalid(STATUS.child('startTime'), next.status?.startTime ?? null, why)];
}

/** What was true of the end of a Job stays true. */
export function validateProgress(next: Job, old: Job): FieldError[] {
  const undone = TERMINAL.filter((type) => hasCondition(old, type) && !hasCondition(next, type));
  const met = (job: Job): boolean => hasCondition(job, 'SuccessCriteriaMet');
  const late = hasCondition(old, 'Complete') && !met(old) && met(next);
  const refuse = (detail: string): FieldError => invalidWithoutValue(CONDITIONS, detail);
  return [
    ...undone.map((type) => refuse(`cannot disable the terminal ${type}=True condition`)),
    ...validateCounters(next, old),
    ...validateTimes(next, old),
    ...(met(old) && !met(next) ? [refuse('cannot disable the SuccessCriteriaMet=True condition')] : []),
    ...(late ? [refuse('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions')] : []),
  ];
}
