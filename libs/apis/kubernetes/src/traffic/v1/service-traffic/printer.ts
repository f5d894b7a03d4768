import { column, nameColumn, nameOf, type TablePrinter } from '@binnacle/apis-registry';
import { bytesText } from '../amounts.js';
import type { PortTraffic, ServiceTraffic } from '../index.js';

type Counted = 'active' | 'total' | 'failed' | 'unanswered' | 'notAdmitted' | 'sentBytes' | 'receivedBytes';

const sumOf = ({ ports }: ServiceTraffic, of: Counted): number =>
  (ports ?? []).reduce((sum, port: Partial<PortTraffic>) => sum + (port[of] ?? 0), 0);

const integer = { type: 'integer' } as const;

/** The sums over all ports. */
export const printer: TablePrinter<ServiceTraffic> = {
  columns: [
    nameColumn,
    column('Active', 'Connections that stand.', integer),
    column('Total', 'Connections there have been.', integer),
    column('Unanswered', 'Clients for whom no endpoint could be reached.', integer),
    column('Not Admitted', 'Clients outside of the ranges of sources.', integer),
    column('Sent', 'What went from clients to endpoints.'),
    column('Received', 'What came back.'),
  ],
  row: (traffic) => [
    nameOf(traffic),
    sumOf(traffic, 'active'),
    sumOf(traffic, 'total'),
    sumOf(traffic, 'unanswered'),
    sumOf(traffic, 'notAdmitted'),
    bytesText(sumOf(traffic, 'sentBytes')),
    bytesText(sumOf(traffic, 'receivedBytes')),
  ],
};
