import { type FieldError, fieldPath, invalid } from '@binnacle/machinery-validation';
import type { Job } from '../index.js';
import { countIndexes, sharedIndex } from './indexes.js';
import { changed } from './status-rule.js';

const STATUS = fieldPath('status');

type List = 'completedIndexes' | 'failedIndexes';
const textOf =
  (list: List) =>
  ({ status }: Job): string | undefined =>
    status?.[list];

function validateForm(job: Job, list: List): FieldError[] {
  const text = textOf(list)(job);
  const completions = job.spec?.completions;
  if (text === undefined || completions === undefined) return [];
  try {
    countIndexes(text, completions);
    return [];
  } catch (error) {
    return [invalid(STATUS.child(list), text, `error parsing ${list}: ${(error as Error).message}`)];
  }
}

/** Indexes are only of Jobs that have them, and failed ones of those that count failures of each. */
function validateSuits(job: Job, list: List): FieldError[] {
  const text = textOf(list)(job);
  const path = STATUS.child(list);
  if (list === 'completedIndexes') {
    const why = 'cannot set non-empty completedIndexes when non-indexed completion mode';
    return text && job.spec?.completionMode !== 'Indexed' ? [invalid(path, text, why)] : [];
  }
  const why = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
  return text !== undefined && job.spec?.backoffLimitPerIndex === undefined ? [invalid(path, text, why)] : [];
}

function validateApart(job: Job): FieldError[] {
  const { completedIndexes = '', failedIndexes = '' } = job.status ?? {};
  const shared = sharedIndex(completedIndexes, failedIndexes, job.spec?.completions ?? 0);
  if (shared === undefined) return [];
  const why = `failedIndexes and completedIndexes overlap at index: ${shared}`;
  return [invalid(STATUS.child('failedIndexes'), failedIndexes, why)];
}

/** Which indexes are done and which failed, where that changed. */
export function validateIndexes(next: Job, old: Job): FieldError[] {
  const completed = changed([textOf('completedIndexes')], next, old);
  const failed = changed([textOf('failedIndexes')], next, old);
  const countsFailed = next.spec?.backoffLimitPerIndex !== undefined;
  return [
    ...(completed ? validateForm(next, 'completedIndexes') : []),
    ...(failed && countsFailed ? validateForm(next, 'failedIndexes') : []),
    ...(completed ? validateSuits(next, 'completedIndexes') : []),
    ...(failed ? validateSuits(next, 'failedIndexes') : []),
    ...(completed || failed ? validateApart(next) : []),
  ];
}
