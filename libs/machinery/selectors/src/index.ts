export * from './field-selector.js';
export * from './label-selector.js';
export type { Labels, Requirement, SelectorOperator } from './requirement.js';
