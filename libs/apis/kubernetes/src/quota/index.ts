export { charged, type Charge, QuotaRefusal } from './check.js';
export type { Evaluator, QuotaRequest } from './evaluator.js';
export { evaluatorOf, kindCountedBy, type QuotaKind } from './evaluators.js';
export { amountOf, equalLists, mask, type ResourceList } from './resource-list.js';
export { type Counted, usageUnder } from './usage.js';
