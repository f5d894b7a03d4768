export type { PodMetadata, Violation } from './check.js';
export { CHECKS, detailOf, reasonOf, violationsOf } from './evaluate.js';
export * from './levels.js';
