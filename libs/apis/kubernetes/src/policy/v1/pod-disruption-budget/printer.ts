import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { PodDisruptionBudget } from '../index.js';

const NOT_APPLICABLE = 'N/A';

export const printer: TablePrinter<PodDisruptionBudget> = {
  columns: [
    nameColumn,
    column('Min Available', 'Pods that must stay available.'),
    column('Max Unavailable', 'Pods that may be missing.'),
    column('Allowed Disruptions', 'Pods that may be evicted now.', { type: 'integer' }),
    ageColumn,
  ],
  row: (budget, now) => [
    nameOf(budget),
    String(budget.spec?.minAvailable ?? NOT_APPLICABLE),
    String(budget.spec?.maxUnavailable ?? NOT_APPLICABLE),
    budget.status?.disruptionsAllowed ?? 0,
    ageOf(budget, now),
  ],
};
