import { type TablePrinter, ageColumn, ageOf, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { ServiceAccount } from '../index.js';

export const printer: TablePrinter<ServiceAccount> = {
  columns: [nameColumn, ageColumn],
  row: (account, now) => [nameOf(account), ageOf(account, now)],
};
