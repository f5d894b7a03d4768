import { formatLabelSelector } from '@binnacle/machinery-selectors';
import { type TablePrinter, ageColumn, ageOf, column, formatLabels, nameColumn, nameOf } from '@binnacle/apis-registry';
import { selectorColumn, templateCells, templateColumns } from '../../../core/v1/pod-template/columns.js';
import type { DaemonSet } from '../index.js';

/** Numbers of nodes, in the order of their columns. */
function countsOf({ status }: DaemonSet): number[] {
  const { desiredNumberScheduled = 0, currentNumberScheduled = 0, numberReady = 0 } = status ?? {};
  const { updatedNumberScheduled = 0, numberAvailable = 0 } = status ?? {};
  return [desiredNumberScheduled, currentNumberScheduled, numberReady, updatedNumberScheduled, numberAvailable];
}

export const printer: TablePrinter<DaemonSet> = {
  columns: [
    nameColumn,
    column('Desired', 'Nodes that should run a Pod of it.', { type: 'integer' }),
    column('Current', 'Nodes that run at least one, and should.', { type: 'integer' }),
    column('Ready', 'Nodes that run one that is ready, and should.', { type: 'integer' }),
    column('Up-to-date', 'Nodes that run one of the present template.', { type: 'integer' }),
    column('Available', 'Nodes that run one ready for at least minReadySeconds.', { type: 'integer' }),
    column('Node Selector', 'Labels of the nodes it runs on.'),
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
  row: (set, now) => [
    nameOf(set),
    ...countsOf(set),
    formatLabels(set.spec?.template?.spec?.nodeSelector),
    ageOf(set, now),
    ...templateCells(set.spec?.template),
    formatLabelSelector(set.spec?.selector),
  ],
};
