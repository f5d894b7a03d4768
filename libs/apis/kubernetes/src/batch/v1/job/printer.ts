import { formatLabelSelector } from '@binnacle/machinery-selectors';
import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  humanDuration,
  nameColumn,
  nameOf,
} from '@binnacle/apis-registry';
import { selectorColumn, templateCells, templateColumns } from '../../../core/v1/pod-template/columns.js';
import type { Job } from '../index.js';
import { hasCondition, type JobConditionType } from './conditions.js';

const ENDED: readonly JobConditionType[] = ['Complete', 'Failed'];
const UNDER_WAY: readonly JobConditionType[] = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

/** The first that is so, of those in this order. */
function statusOf(job: Job): string {
  const first = (types: readonly JobConditionType[]) => types.find((type) => hasCondition(job, type));
  return first(ENDED) ?? (job.metadata.deletionTimestamp ? 'Terminating' : (first(UNDER_WAY) ?? 'Running'));
}

function completionsOf({ spec, status }: Job): string {
  const { completions, parallelism = 0 } = spec ?? {};
  const succeeded = status?.succeeded ?? 0;
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationOf({ status }: Job, now: number): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return humanDuration(end - Date.parse(status.startTime));
}

export const printer: TablePrinter<Job> = {
  columns: [
    nameColumn,
    column('Status', 'How far it is.'),
    column('Completions', 'Pods that succeeded, of those that must.'),
    column('Duration', 'Time from its start to its end, or until now.'),
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
  row: (job, now) => [
    nameOf(job),
    statusOf(job),
    completionsOf(job),
    durationOf(job, now),
    ageOf(job, now),
    ...templateCells(job.spec?.template),
    formatLabelSelector(job.spec?.selector),
  ],
};
