export { Estimator } from './estimator.js';
export { runtimeCallCost } from './call-cost.js';
export * from './factors.js';
