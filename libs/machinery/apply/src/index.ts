export * from './apply.js';
export * from './apply-type.js';
export { FieldSet } from './field-set.js';
export * from './typed-patch.js';
