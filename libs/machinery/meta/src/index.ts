export * from './conditions.js';
export * from './errors.js';
export * from './group-version.js';
export * from './owners.js';
export * from './quote.js';
export * from './status-error.js';
export * from './time.js';
export type * from './types.js';
