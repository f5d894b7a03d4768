import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { CSINode } from '../index.js';

export const printer: TablePrinter<CSINode> = {
  columns: [nameColumn, column('Drivers', 'Number of drivers on the node.', { type: 'integer' }), ageColumn],
  row: (node, now) => [nameOf(node), node.spec?.drivers?.length ?? 0, ageOf(node, now)],
};
