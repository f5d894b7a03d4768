export * from './status-error.js';
export type * from './types.js';
