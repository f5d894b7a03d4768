export { hasCondition, isFinished, type JobConditionType } from './conditions.js';
