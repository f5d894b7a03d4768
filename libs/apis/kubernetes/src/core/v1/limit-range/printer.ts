import type { TablePrinter } from '../../../registry/definition.js';
import { column, nameColumn, nameOf } from '../../../registry/printing.js';
import type { LimitRange } from '../index.js';

export const printer: TablePrinter<LimitRange> = {
  columns: [nameColumn, column('Created At', 'When the object was created.', { type: 'date' })],
  row: (range) => [nameOf(range), range.metadata.creationTimestamp ?? ''],
};
