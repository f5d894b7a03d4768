import { formatLabelSelector } from '@binnacle/machinery-selectors';
import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import { selectorColumn, templateCells, templateColumns } from '../../../core/v1/pod-template/columns.js';
import type { Deployment } from '../index.js';

export const printer: TablePrinter<Deployment> = {
  columns: [
    nameColumn,
    column('Ready', 'Pods that are ready, of those asked for.'),
    column('Up-to-date', 'Pods made from the present template.'),
    column('Available', 'Pods ready for at least minReadySeconds.'),
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
  row: (deployment, now) => [
    nameOf(deployment),
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec?.replicas ?? 0}`,
    deployment.status?.updatedReplicas ?? 0,
    deployment.status?.availableReplicas ?? 0,
    ageOf(deployment, now),
    ...templateCells(deployment.spec?.template),
    formatLabelSelector(deployment.spec?.selector),
  ],
};
