import { duplicate, type FieldError, fieldPath, invalid, validateNonNegative } from '@binnacle/machinery-validation';
import { each, validateStatusMeta } from '@binnacle/apis-registry';
import type { Job, JobStatus } from '../index.js';
import { validateIndexes } from './status-indexes.js';
import { validateProgress } from './status-progress.js';
import { judge } from './status-rule.js';
import { AFTER_INDEXES, BEFORE_INDEXES } from './status-rules.js';

const STATUS = fieldPath('status');
const COUNTS = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;

function validateUncounted({ uncountedTerminatedPods: pods }: JobStatus): FieldError[] {
  const seen = new Set<string>();
  const path = STATUS.child('uncountedTerminatedPods');
  return (['succeeded', 'failed'] as const).flatMap((list) =>
    each(pods?.[list], path.child(list), (uid, at) => {
      if (uid === '') return [invalid(at, uid, 'must not be empty')];
      if (seen.has(uid)) return [duplicate(at, uid)];
      seen.add(uid);
      return [];
    }),
  );
}

/** Behaves as kubernetes pkg/apis/batch/validation ValidateJobStatusUpdate with the options of 1.36. */
export function validateJobStatusUpdate(next: Job, old: Job): FieldError[] {
  return [
    ...validateStatusMeta(next.metadata),
    ...COUNTS.flatMap((count) => validateNonNegative(next.status?.[count], STATUS.child(count))),
    ...validateUncounted(next.status ?? {}),
    ...judge(BEFORE_INDEXES, next, old),
    ...validateIndexes(next, old),
    ...judge(AFTER_INDEXES, next, old),
    ...validateProgress(next, old),
  ];
}
