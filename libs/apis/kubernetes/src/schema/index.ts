export {
  type Conformed,
  cannotBeHandled,
  conform,
  type KindNames,
  strictDecodingError,
  strictProblems,
} from './conform.js';
export { findSchema, schemaFor, schemaForKind, schemaNames, shortName } from './definitions.js';
export * from './json-scanner.js';
export { BadValue } from './scalars.js';
export { strategicSchema } from './strategic.js';
export type * from './types.js';
export * from './protobuf/index.js';
export * from './request-body.js';
export * from './openapi/index.js';
export { applyType } from './apply-type.js';
