import { type FieldError, type FieldPath, invalid, required } from '@binnacle/machinery-validation';
import type { JobSpec } from '../index.js';

const MOST_PARALLEL = 100_000;
const MOST_FAILED = 100_000;
/** Above it, where every index may fail apart, the status could grow too long. */
const MANY_COMPLETIONS = 100_000;
const MOST_WITH_MANY = 10_000;

const above = (value: number | undefined, bound: number): value is number => value !== undefined && value > bound;

function validateManyCompletions(spec: JobSpec, path: FieldPath): FieldError[] {
  const { completions, parallelism, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (!above(completions, MANY_COMPLETIONS) || backoffLimitPerIndex === undefined) return [];
  const most = `must be less than or equal to ${MOST_WITH_MANY} when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
  const missing = `must be specified when completions is above ${MANY_COMPLETIONS}`;
  return [
    ...(maxFailedIndexes === undefined ? [required(path.child('maxFailedIndexes'), missing)] : []),
    ...(above(parallelism, MOST_WITH_MANY) ? [invalid(path.child('parallelism'), parallelism, most)] : []),
    ...(above(maxFailedIndexes, MOST_WITH_MANY)
      ? [invalid(path.child('maxFailedIndexes'), maxFailedIndexes, most)]
      : []),
  ];
}

/** A Job each of whose completions has a number. */
export function validateIndexed(spec: JobSpec, path: FieldPath): FieldError[] {
  const { completions, parallelism, maxFailedIndexes } = spec;
  const failed = path.child('maxFailedIndexes');
  const parallel = `must be less than or equal to ${MOST_PARALLEL} when completion mode is Indexed`;
  return [
    ...(completions === undefined ? [required(path.child('completions'), 'when completion mode is Indexed')] : []),
    ...(above(parallelism, MOST_PARALLEL) ? [invalid(path.child('parallelism'), parallelism, parallel)] : []),
    ...(completions !== undefined && above(maxFailedIndexes, completions)
      ? [invalid(failed, maxFailedIndexes, 'must be less than or equal to completions')]
      : []),
    ...(above(maxFailedIndexes, MOST_FAILED)
      ? [invalid(failed, maxFailedIndexes, `must be less than or equal to ${MOST_FAILED}`)]
      : []),
    ...validateManyCompletions(spec, path),
  ];
}

const INDEXED_ONLY = ['backoffLimitPerIndex', 'maxFailedIndexes'] as const;

/** What needs numbers is not there without them. */
export function validateNonIndexed(spec: JobSpec, path: FieldPath): FieldError[] {
  return INDEXED_ONLY.flatMap((field) =>
    spec[field] === undefined ? [] : [invalid(path.child(field), spec[field], 'requires indexed completion mode')],
  );
}
