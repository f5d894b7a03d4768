export * from './field-selector.js';
export * from './label-selector.js';
export * from './node-selector.js';
export type { Labels, Requirement, SelectorOperator } from './requirement.js';
