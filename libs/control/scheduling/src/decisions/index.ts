export type { Attempt, Arrival } from './attempt.js';
export { DecisionLog } from './decision-log.js';
export { type PreemptionFound, preemptionRecord } from './preemption-record.js';
export { type CountDecisions, type DecisionOutcome, DecisionSender } from './decision-sender.js';
