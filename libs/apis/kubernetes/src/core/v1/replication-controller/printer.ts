import { type TablePrinter, ageColumn, ageOf, column, formatLabels, nameColumn, nameOf } from '@binnacle/apis-registry';
import { selectorColumn, templateCells, templateColumns } from '../pod-template/columns.js';
import type { ReplicationController } from '../index.js';

export const printer: TablePrinter<ReplicationController> = {
  columns: [
    nameColumn,
    column('Desired', 'Number of Pods asked for.', { type: 'integer' }),
    column('Current', 'Number of Pods there are.', { type: 'integer' }),
    column('Ready', 'Number of Pods that are ready.', { type: 'integer' }),
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
  row: (controller, now) => [
    nameOf(controller),
    controller.spec?.replicas ?? 0,
    controller.status?.replicas ?? 0,
    controller.status?.readyReplicas ?? 0,
    ageOf(controller, now),
    ...templateCells(controller.spec?.template),
    formatLabels(controller.spec?.selector),
  ],
};
