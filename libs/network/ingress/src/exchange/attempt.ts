import type { Timeouts } from '../table/policy.js';
import type { Wanted } from '../upstream/connections.js';
import type { Answer } from './answer.js';
import type { Arrival } from './arrival.js';
import type { GuardedBody } from './guarded-body.js';

/** One request on its way to one endpoint. */
export interface Attempt {
  readonly arrival: Arrival;
  readonly answer: Answer;
  readonly wanted: Wanted;
  readonly timeouts: Timeouts;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case, and values, in turns; the host among them. */
  readonly headers: readonly string[];
  readonly body: GuardedBody | undefined;
  /** Makes of an answer's headers what the client is told. */
  readonly finish: (headers: string[]) => string[];
}

/** How an attempt ended: with an answer, whole or broken off; or with none, when another endpoint may be asked. */
export type Ending =
  | { readonly kind: 'answered' }
  | {
      readonly kind: 'failed';
      readonly error: Error;
      /** Whether the endpoint may have begun to do what it was asked. */
      readonly wasSent: boolean;
    };

export const ANSWERED: Ending = { kind: 'answered' };
