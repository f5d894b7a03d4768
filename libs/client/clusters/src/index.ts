export * from './clusters.js';
export * from './resident-controllers.js';
export * from './types.js';
