import { formatLabelSelector } from '@binnacle/machinery-selectors';
import { ageColumn, ageOf, column, nameColumn, nameOf, type TablePrinter } from '@binnacle/apis-registry';
import type { NetworkPolicy } from '../index.js';

export const printer: TablePrinter<NetworkPolicy> = {
  columns: [nameColumn, column('Pod-Selector', 'Labels that mark the Pods it is about.'), ageColumn],
  row: (policy, now) => [nameOf(policy), formatLabelSelector(policy.spec?.podSelector), ageOf(policy, now)],
};
