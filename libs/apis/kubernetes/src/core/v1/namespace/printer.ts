import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { Namespace } from '../index.js';

export const printer: TablePrinter<Namespace> = {
  columns: [nameColumn, column('Status', 'Active, or Terminating while its contents are deleted.'), ageColumn],
  row: (namespace, now) => [nameOf(namespace), namespace.status?.phase ?? '', ageOf(namespace, now)],
};
