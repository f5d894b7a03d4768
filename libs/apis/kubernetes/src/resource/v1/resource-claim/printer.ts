import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { ResourceClaim } from '../index.js';

function statesOf({ metadata, status }: ResourceClaim): string[] {
  const going = metadata.deletionTimestamp ? ['deleted'] : [];
  if (!status?.allocation) return going.length > 0 ? going : ['pending'];
  return [...going, 'allocated', ...(status.reservedFor?.length ? ['reserved'] : [])];
}

export const printer: TablePrinter<ResourceClaim> = {
  columns: [nameColumn, column('State', 'Whether devices are allocated, and reserved.'), ageColumn],
  row: (claim, now) => [nameOf(claim), statesOf(claim).join(','), ageOf(claim, now)],
};
