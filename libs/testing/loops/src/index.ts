export * from './in-process-api.js';
export * from './kubelet-hands.js';
export * from './loop-bench.js';
export * from './objects.js';
