import { type TablePrinter, ageColumn, ageOf, column, NONE, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { FlowSchema } from '../index.js';

function danglingStatus({ status }: FlowSchema): string {
  return status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?';
}

export const printer: TablePrinter<FlowSchema> = {
  columns: [
    nameColumn,
    column('PriorityLevel', 'Where requests that match are queued.'),
    column('MatchingPrecedence', 'The schema with the lowest that matches is taken.'),
    column('DistinguisherMethod', 'What tells one flow of this schema from another.'),
    ageColumn,
    column('MissingPL', 'Whether the priority level does not exist, or is broken.'),
  ],
  order: (a, b) => (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0),
  row: (schema, now) => [
    nameOf(schema),
    schema.spec?.priorityLevelConfiguration?.name ?? '',
    schema.spec?.matchingPrecedence ?? 0,
    schema.spec?.distinguisherMethod?.type ?? NONE,
    ageOf(schema, now),
    danglingStatus(schema),
  ],
};
