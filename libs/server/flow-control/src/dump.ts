import type { FlowControl } from './flow-control.js';
import type { PriorityLevel } from './levels/priority-level.js';

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [head, ...rows].map((cells) => `${cells.join(', ')}\n`).join('');
}

function totals(level: PriorityLevel): { dispatched: number; rejected: number; timedOut: number } {
  const sum = { dispatched: 0, rejected: 0, timedOut: 0 };
  for (const { dispatched, rejected } of level.allStats()) {
    sum.dispatched += dispatched;
    sum.rejected += rejected['queue-full'] + rejected['concurrency-limit'];
    sum.timedOut += rejected['time-out'];
  }
  return sum;
}

const LEVEL_COLUMNS = [
  'PriorityLevelName',
  'ActiveQueues',
  'IsIdle',
  'IsQuiescing',
  'WaitingRequests',
  'ExecutingRequests',
  'DispatchedRequests',
  'RejectedRequests',
  'TimedoutRequests',
  'SeatsInUse',
  'CurrentLimitSeats',
];

/** What operators are shown of all priority levels. Much as apiserver pkg/util/flowcontrol apf_controller_debug. */
export function dumpPriorityLevels({ levels }: FlowControl): string {
  const rows = levels.all().map((level) => {
    const { queues, quiescing } = level;
    const { dispatched, rejected, timedOut } = totals(level);
    const state = [queues.queuesInUse.length, queues.isIdle, quiescing, queues.waiting, queues.executing];
    return [level.name, ...state, dispatched, rejected, timedOut, queues.seatsInUse, queues.concurrencyLimit];
  });
  return table(LEVEL_COLUMNS, rows);
}

const QUEUE_COLUMNS = [
  'PriorityLevelName',
  'Index',
  'PendingRequests',
  'ExecutingRequests',
  'SeatsInUse',
  'NextDispatchR',
];

/** The queues that are not empty. */
export function dumpQueues({ levels }: FlowControl): string {
  const rows = levels.all().flatMap(({ name, queues }) =>
    queues.queuesInUse.map((queue) => {
      const { index, waiting, executing, seatsInUse, nextDispatchR } = queue;
      return [name, index, waiting.size, executing, seatsInUse, `${(nextDispatchR / 1000).toFixed(8)}ss`];
    }),
  );
  return table(QUEUE_COLUMNS, rows);
}
