import { type TablePrinter, ageColumn, ageOf, column, countOf, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { ConfigMap } from '../index.js';

export const printer: TablePrinter<ConfigMap> = {
  columns: [nameColumn, column('Data', 'Number of entries, text and binary.'), ageColumn],
  row: (map, now) => [nameOf(map), countOf(map.data) + countOf(map.binaryData), ageOf(map, now)],
};
