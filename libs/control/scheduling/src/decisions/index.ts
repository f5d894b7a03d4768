export type { Attempt } from './attempt.js';
export { type AttemptEnd, attemptOf } from './attempt-of.js';
export { DecisionLog } from './decision-log.js';
export { type CountDecisions, type DecisionOutcome, DecisionSender } from './decision-sender.js';
export { type DecisionOptions, type DecisionView, openDecisionLog } from './open-decision-log.js';
