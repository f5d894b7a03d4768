import type { FuzzAnswer, FuzzRequest } from '@binnacle/testing-fuzz';

/** One request of the corpus. Its body and path may hold `{{metadata.uid}}`: that of the last object the server answered. */
export interface Case {
  /** What it is about: `create`, `patch`, … */
  readonly section: string;
  /** The resource, such as `pods` or `deployments.apps`; empty for paths that are none's. */
  readonly resource: string;
  /** What is done, in a few words that are equal for equal cases of all resources. */
  readonly name: string;
  readonly request: FuzzRequest;
}

export type Json = Record<string, unknown>;

/** What one server said to one case; `failure` where it did not answer. */
export type Answer = FuzzAnswer | { readonly failure: string };

export const isAnswered = (answer: Answer): answer is FuzzAnswer => !('failure' in answer);
