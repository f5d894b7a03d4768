import type { TablePrinter } from '../../../registry/definition.js';
import { ageColumn, ageOf, column, nameColumn, nameOf } from '../../../registry/printing.js';
import type { Namespace } from '../index.js';

export const printer: TablePrinter<Namespace> = {
  columns: [nameColumn, column('Status', 'Active, or Terminating while its contents are deleted.'), ageColumn],
  row: (namespace, now) => [nameOf(namespace), namespace.status?.phase ?? '', ageOf(namespace, now)],
};
