/** Who asks. Kept as it is by whoever authenticates, so that what was found out for it can be found again. */
export interface FlowUser {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface FlowResource {
  readonly group: string;
  /** Plural name. */
  readonly resource: string;
  readonly subresource: string;
  /** Empty for what is about the whole cluster. */
  readonly namespace: string;
}

/** What is asked, as far as it decides where it queues. */
export interface FlowRequest {
  readonly user: FlowUser;
  /** The logical cluster. */
  readonly cluster: string;
  readonly verb: string;
  readonly resource?: FlowResource;
  /** Of a request that is about no resource. */
  readonly path?: string;
}

/** How much of the server a request takes. Behaves as apiserver pkg/util/flowcontrol/request WorkEstimate. */
export interface WorkEstimate {
  /** Seats taken while it is served. */
  readonly initialSeats: number;
  /** Seats taken afterwards, while watchers are told of what it changed. */
  readonly finalSeats: number;
  /** How long the final seats are taken, in milliseconds. */
  readonly additionalLatency: number;
  /** More work than a single seat stands for, however many seats it is given. */
  readonly isLong?: boolean;
}

export const ONE_SEAT: WorkEstimate = { initialSeats: 1, finalSeats: 0, additionalLatency: 0 };

export function widest({ initialSeats, finalSeats }: WorkEstimate): number {
  return Math.max(initialSeats, finalSeats);
}
