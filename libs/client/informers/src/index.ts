export * from './backoff.js';
export { deepFreeze } from './freeze.js';
export { IndexedStore } from './indexed-store.js';
export * from './informer-factory.js';
export * from './object-key.js';
export type { Selection } from './reflector.js';
export { type InformerOptions, SharedInformer } from './shared-informer.js';
export type * from './types.js';
