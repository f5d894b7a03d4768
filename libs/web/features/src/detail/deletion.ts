import type { UnstructuredObject } from '@binnacle/web-data';

type Deletion = Pick<UnstructuredObject['metadata'], 'deletionTimestamp' | 'deletionGracePeriodSeconds'>;

/** When somebody asked for the deletion: the stamp an object carries is when its time is up. RFC 3339. */
export function deletionBegan({ deletionTimestamp, deletionGracePeriodSeconds = 0 }: Deletion): string | undefined {
  if (!deletionTimestamp) return undefined;
  return new Date(Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1_000).toISOString();
}
