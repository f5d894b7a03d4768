import { column, nameOf, type TablePrinter } from '@binnacle/apis-registry';
import type { CustomResourceDefinition } from './types.js';

export const printer: TablePrinter<CustomResourceDefinition> = {
  columns: [
    column('Name', 'Name of the definition: the plural name of its kind, a dot and its group.', { format: 'name' }),
    column('Created At', 'When the definition was created, in RFC 3339 form and UTC.', { type: 'date' }),
  ],
  row: (definition) => [nameOf(definition), definition.metadata.creationTimestamp ?? ''],
};
