export { applyType } from './apply-type.js';
export * from './body-values.js';
export { refuseManyValues } from './count-values.js';
export {
  cannotBeHandled,
  conform,
  type KindNames,
  MOST_STRICT_PROBLEMS,
  strictDecodingError,
  strictProblems,
} from './conform.js';
export * from './json-scanner.js';
export * from './openapi/index.js';
export { ownFields } from './own-fields.js';
export * as own from './own-structures.js';
export * from './pascal-case.js';
export * from './protobuf/index.js';
export * from './request-body.js';
export { BadValue } from './scalars.js';
export type * from './served-kind.js';
export { strategicSchema } from './strategic.js';
export * from './table.js';
export type * from './types.js';
