import { formatLabelSelector } from '@binnacle/machinery-selectors';
import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import { selectorColumn, templateCells, templateColumns } from '../../../core/v1/pod-template/columns.js';
import type { ReplicaSet } from '../index.js';

export const printer: TablePrinter<ReplicaSet> = {
  columns: [
    nameColumn,
    column('Desired', 'Number of Pods asked for.', { type: 'integer' }),
    column('Current', 'Number of Pods there are.', { type: 'integer' }),
    column('Ready', 'Number of Pods that are ready.', { type: 'integer' }),
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
  row: (set, now) => [
    nameOf(set),
    set.spec?.replicas ?? 0,
    set.status?.replicas ?? 0,
    set.status?.readyReplicas ?? 0,
    ageOf(set, now),
    ...templateCells(set.spec?.template),
    formatLabelSelector(set.spec?.selector),
  ],
};
