import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { PriorityClass } from '../index.js';

export const printer: TablePrinter<PriorityClass> = {
  columns: [
    nameColumn,
    column('Value', 'Priority of Pods of this class.', { type: 'integer' }),
    column('Global-Default', 'Whether Pods that name no class get this one.', { type: 'boolean' }),
    ageColumn,
    column('PreemptionPolicy', 'Whether Pods of this class may push others out.'),
  ],
  row: (priority, now) => [
    nameOf(priority),
    priority.value ?? 0,
    priority.globalDefault ?? false,
    ageOf(priority, now),
    priority.preemptionPolicy ?? '',
  ],
};
