import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import { templateCells, templateColumns } from '../../../core/v1/pod-template/columns.js';
import type { StatefulSet } from '../index.js';

export const printer: TablePrinter<StatefulSet> = {
  columns: [nameColumn, column('Ready', 'Pods that are ready, of those asked for.'), ageColumn, ...templateColumns],
  row: (set, now) => [
    nameOf(set),
    `${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`,
    ageOf(set, now),
    ...templateCells(set.spec?.template),
  ],
};
