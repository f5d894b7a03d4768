export * from './changes/change-object.js';
export * from './changes/change-source.js';
export { DECISIONS } from './decisions/decision-object.js';
export { DecisionSource } from './decisions/decision-source.js';
export { nodesObject } from './decisions/nodes-object.js';
export { readBatch } from './decisions/read-batch.js';
export type { MayRead, ReadTarget } from './changes/visible-changes.js';
export * from './past/moments.js';
export * from './past/past-storage.js';
