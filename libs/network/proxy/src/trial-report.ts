import type { Peer } from './connections/flow.js';

/** What is asked of a Service: one GET at one of its ports, over TCP. */
export interface TrialRequest {
  /** As `namespace/name`. */
  readonly service: string;
  /** The name of the port, or its number where it has none. */
  readonly servicePort: string;
  /** With its leading slash, and its query. */
  readonly path: string;
}

/**
 * Why a trial got no answer, by where it ended: `NoAddress`, nothing is open for that port; `Refused`, what should be open is not;
 * `NoEndpoint`, no endpoint could be reached; `NoAnswer`, one was, and said nothing in time; `Closed`, it hung up; `NotHttp`, it
 * speaks something else.
 */
export type TrialFailure = 'NoAddress' | 'Refused' | 'NoEndpoint' | 'NoAnswer' | 'Closed' | 'NotHttp';

/** What an endpoint answered. */
export interface TrialAnswer {
  readonly status: number;
  /** As much of it as is kept. */
  readonly text: string;
  readonly truncated: boolean;
}

/** How far a request got. Times are milliseconds since it began. */
export interface TrialReport {
  /** The address of the Service that was asked. */
  readonly asked?: Peer;
  readonly connected?: number;
  /** Whom it was led to. */
  readonly endpoint?: Peer;
  readonly reached?: number;
  readonly answer?: TrialAnswer;
  readonly answered?: number;
  readonly failure?: TrialFailure;
}
