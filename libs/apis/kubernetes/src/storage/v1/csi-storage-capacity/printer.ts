import { type TablePrinter, column, nameColumn, nameOf, UNSET } from '@binnacle/apis-registry';
import type { CSIStorageCapacity } from '../index.js';

export const printer: TablePrinter<CSIStorageCapacity> = {
  columns: [
    nameColumn,
    column('StorageClassName', 'The class of which it says what is left.'),
    column('Capacity', 'What is left.'),
  ],
  row: (storage) => [nameOf(storage), storage.storageClassName ?? '', String(storage.capacity ?? UNSET)],
};
