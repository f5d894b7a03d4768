export * from './logger.js';
export * from './loop-metrics.js';
export * from './metrics.js';
export * from './timings.js';
