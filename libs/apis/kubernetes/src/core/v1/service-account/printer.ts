import type { TablePrinter } from '../../../registry/definition.js';
import { ageColumn, ageOf, column, nameColumn, nameOf } from '../../../registry/printing.js';
import type { ServiceAccount } from '../index.js';

export const printer: TablePrinter<ServiceAccount> = {
  columns: [nameColumn, column('Secrets', 'Number of Secrets that Pods of this account may use.'), ageColumn],
  row: (account, now) => [nameOf(account), account.secrets?.length ?? 0, ageOf(account, now)],
};
