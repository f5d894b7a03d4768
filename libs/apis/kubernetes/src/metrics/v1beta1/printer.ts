import { column, nameColumn, nameOf, type TablePrinter } from '@binnacle/apis-registry';
import { addQuantities } from '@binnacle/machinery-quantity';
import type { NodeMetrics, PodMetrics } from './index.js';

const COLUMNS = [
  nameColumn,
  column('CPU', 'Cores that are in use.'),
  column('Memory', 'Memory that is in use.'),
  column('Window', 'The time over which was measured.'),
];

const amount = ({ usage }: Partial<NodeMetrics>, of: 'cpu' | 'memory'): string => String(usage?.[of] ?? '');

export const nodeMetricsPrinter: TablePrinter<NodeMetrics> = {
  columns: COLUMNS,
  row: (metrics) => [nameOf(metrics), amount(metrics, 'cpu'), amount(metrics, 'memory'), metrics.window ?? ''],
};

const total = ({ containers = [] }: PodMetrics, of: 'cpu' | 'memory'): string =>
  containers.reduce((sum, { usage }) => addQuantities(sum, usage?.[of]), '0');

export const podMetricsPrinter: TablePrinter<PodMetrics> = {
  columns: COLUMNS,
  row: (metrics) => [nameOf(metrics), total(metrics, 'cpu'), total(metrics, 'memory'), metrics.window ?? ''],
};
