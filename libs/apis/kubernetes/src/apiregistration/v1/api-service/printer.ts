import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { APIService } from '../index.js';

function availability({ status }: APIService): string {
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  if (!available) return 'Unknown';
  const { status: said, reason } = available;
  return said === 'True' || !reason ? said : `${said} (${reason})`;
}

function serviceOf({ spec }: APIService): string {
  return spec?.service ? `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}` : 'Local';
}

export const printer: TablePrinter<APIService> = {
  columns: [
    nameColumn,
    column('Service', 'Who answers: the server itself, or a Service.'),
    column('Available', 'Whether it answers.'),
    ageColumn,
  ],
  row: (service, now) => [nameOf(service), serviceOf(service), availability(service), ageOf(service, now)],
};
