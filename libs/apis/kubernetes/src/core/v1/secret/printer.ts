import { type TablePrinter, ageColumn, ageOf, column, countOf, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { Secret } from '../index.js';

export const printer: TablePrinter<Secret> = {
  columns: [
    nameColumn,
    column('Type', 'What the data means to programs.'),
    column('Data', 'Number of entries.'),
    ageColumn,
  ],
  row: (secret, now) => [nameOf(secret), secret.type ?? '', countOf(secret.data), ageOf(secret, now)],
};
