export { CachedStorage } from './cached-storage.js';
export type { IndexedFields } from './cluster-cache.js';
export { type CacheStats, WatchCache, type WatchCacheOptions } from './watch-cache.js';
export type { WindowLimits } from './change-window.js';
export { reportCache } from './metrics.js';
