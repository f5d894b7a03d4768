export type * from './types.generated.js';
export { type ObjectTypes, typeIssues } from './type-issues.js';
