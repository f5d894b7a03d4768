export * from './body.js';
export * from './errors.js';
export type * from './types.js';
