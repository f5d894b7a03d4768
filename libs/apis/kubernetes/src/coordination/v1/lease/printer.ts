import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { Lease } from '../index.js';

export const printer: TablePrinter<Lease> = {
  columns: [nameColumn, column('Holder', 'Who holds the lease.'), ageColumn],
  row: (lease, now) => [nameOf(lease), lease.spec?.holderIdentity ?? '', ageOf(lease, now)],
};
