import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { ResourceSlice } from '../index.js';

export const printer: TablePrinter<ResourceSlice> = {
  columns: [
    nameColumn,
    column('Node', 'The node its devices are at.'),
    column('Driver', 'The driver of its devices.'),
    column('Pool', 'The pool its devices belong to.'),
    ageColumn,
  ],
  row: (slice, now) => [
    nameOf(slice),
    slice.spec?.nodeName ?? '',
    slice.spec?.driver ?? '',
    slice.spec?.pool?.name ?? '',
    ageOf(slice, now),
  ],
};
