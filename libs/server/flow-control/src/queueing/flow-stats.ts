export type Rejection = 'queue-full' | 'concurrency-limit' | 'time-out';

/** What became of the requests of one FlowSchema in one priority level. */
export class FlowStats {
  dispatched = 0;
  executing = 0;
  executingSeats = 0;
  waiting = 0;
  waitingSeats = 0;
  readonly rejected: Record<Rejection, number> = { 'queue-full': 0, 'concurrency-limit': 0, 'time-out': 0 };

  constructor(
    readonly priorityLevel: string,
    readonly flowSchema: string,
  ) {}
}
