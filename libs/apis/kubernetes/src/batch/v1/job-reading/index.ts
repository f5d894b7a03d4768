// What a Job's status and its Pods say: for who runs Jobs, and for who looks at them.
export { type Backoff, backoffEndsAt, indexBackoffEndsAt, NO_FAILURES, nextBackoff } from './backoff.js';
export { judgeFailure } from './failure-policy.js';
export { finishedAt } from './finish-time.js';
export { IndexSet } from './index-set.js';
export { completionIndex, failuresBefore, ignoredFailuresBefore, triesBefore } from './pod-index.js';
