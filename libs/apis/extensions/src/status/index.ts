export { type NewCondition, withCondition } from '../crd/conditions.js';
export { type TakenNames, takenNames } from './names.js';
export { planStatus } from './plan.js';
