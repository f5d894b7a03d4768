import { column, nameColumn, nameOf, type TablePrinter } from '@binnacle/apis-registry';
import { toMillis } from '@binnacle/machinery-quantity';
import type { PodUsage } from './index.js';

const MEBIBYTE = 1024 * 1024;

const amount = ({ usage }: PodUsage, of: 'cpu' | 'memory'): number | undefined =>
  usage?.[of] === undefined ? undefined : toMillis(usage[of]);

function cpuOf(measured: PodUsage): string {
  const millis = amount(measured, 'cpu');
  return millis === undefined ? '<unknown>' : `${Math.round(millis)}m`;
}

function memoryOf(measured: PodUsage): string {
  const millis = amount(measured, 'memory');
  return millis === undefined ? '<unknown>' : `${Math.round(millis / 1_000 / MEBIBYTE)}Mi`;
}

function mostCpu({ series }: PodUsage): string {
  const values = series?.usageNanoCores ?? [];
  return values.length === 0 ? '<none>' : `${Math.round(Math.max(...values) / 1_000_000)}m`;
}

/** As `kubectl top` says it, and what it was at most. */
export const printer: TablePrinter<PodUsage> = {
  columns: [
    nameColumn,
    column('CPU', 'Cores that are in use, in thousandths.'),
    column('Memory', 'Memory that is in use.'),
    column('Most CPU', 'Most cores that were in use in a step of the window.'),
    column('Window', 'How far back was looked.'),
  ],
  row: (measured) => [nameOf(measured), cpuOf(measured), memoryOf(measured), mostCpu(measured), measured.window ?? ''],
};
