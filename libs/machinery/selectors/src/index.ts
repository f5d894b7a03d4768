export * from './field-selector.js';
export * from './label-selector.js';
export * from './node-selector.js';
export { type Labels, type Requirement, requirementToObject, type SelectorOperator } from './requirement.js';
