import type { TablePrinter } from '../../../registry/definition.js';
import { ageColumn, ageOf, column, nameColumn, nameOf } from '../../../registry/printing.js';
import type { Lease } from '../index.js';

export const printer: TablePrinter<Lease> = {
  columns: [nameColumn, column('Holder', 'Who holds the lease.'), ageColumn],
  row: (lease, now) => [nameOf(lease), lease.spec?.holderIdentity ?? '', ageOf(lease, now)],
};
