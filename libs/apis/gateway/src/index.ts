export type * from './gateway.js';
export * from './refs.js';
export type * from './routes.js';
