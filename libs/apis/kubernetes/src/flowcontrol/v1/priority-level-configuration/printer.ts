import {
  type Cell,
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  NONE,
  nameColumn,
  nameOf,
} from '@binnacle/apis-registry';
import type { PriorityLevelConfiguration, QueuingConfiguration } from '../index.js';

function queuingCells(queuing: QueuingConfiguration | undefined): Cell[] {
  if (!queuing) return [NONE, NONE, NONE];
  return [queuing.queues ?? 0, queuing.handSize ?? 0, queuing.queueLengthLimit ?? 0];
}

export const printer: TablePrinter<PriorityLevelConfiguration> = {
  columns: [
    nameColumn,
    column('Type', 'Whether requests of this level are limited.'),
    column('NominalConcurrencyShares', "The level's share of the server, in proportion to the others'."),
    column('Queues', 'How many queues there are.'),
    column('HandSize', 'How many queues one flow may use.'),
    column('QueueLengthLimit', 'How many requests may wait in a queue.'),
    ageColumn,
  ],
  row: (level, now) => {
    const { type = '', limited } = level.spec ?? {};
    const shares = limited ? (limited.nominalConcurrencyShares ?? 0) : NONE;
    return [nameOf(level), type, shares, ...queuingCells(limited?.limitResponse?.queuing), ageOf(level, now)];
  },
};
