import { type TablePrinter, column, formatLabels, nameColumn, nameOf } from '@binnacle/apis-registry';
import { templateCells } from './columns.js';
import type { PodTemplate } from '../index.js';

export const printer: TablePrinter<PodTemplate> = {
  columns: [
    nameColumn,
    column('Containers', 'Names of the containers.'),
    column('Images', 'Images of the containers.'),
    column('Pod Labels', 'Labels of the Pods made from it.'),
  ],
  row: (template) => [
    nameOf(template),
    ...templateCells(template.template),
    formatLabels(template.template?.metadata?.labels),
  ],
};
