import type { ObjectMeta } from '@binnacle/machinery-meta';

/** Sends one request to a Service and tells how far it got. It is only asked, and never kept. */
export interface RequestTrial {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: RequestTrialSpec;
  status?: RequestTrialStatus;
}

export interface RequestTrialSpec {
  namespace: string;
  service: string;
  /** Of the Service. */
  port: number;
  /** What is asked for by GET; `/` unless it is said. */
  path?: string;
}

/** Where a step of the way was. */
export interface TrialPeer {
  address: string;
  port: number;
  nodeName?: string;
}

/** How far the request got. Times are milliseconds since it began. */
export interface RequestTrialStatus {
  /** The address of the Service that was asked. */
  asked?: TrialPeer;
  connectedMilliseconds?: string;
  /** Whom it was led to. */
  endpoint?: TrialPeer;
  reachedMilliseconds?: string;
  answeredMilliseconds?: string;
  /** Of HTTP. */
  code?: number;
  /** The beginning of the answer. */
  text?: string;
  truncated?: boolean;
  /** Why it got no answer: NoAddress, Refused, NoEndpoint, NoAnswer, Closed or NotHttp. */
  failure?: string;
}

export { REQUEST_TRIALS, requestTrialKind } from './reviews.js';
