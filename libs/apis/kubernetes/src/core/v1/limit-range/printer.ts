import { type TablePrinter, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { LimitRange } from '../index.js';

export const printer: TablePrinter<LimitRange> = {
  columns: [nameColumn, column('Created At', 'When the object was created.', { type: 'date' })],
  row: (range) => [nameOf(range), range.metadata.creationTimestamp ?? ''],
};
