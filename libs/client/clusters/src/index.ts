export * from './clusters.js';
export * from './types.js';
