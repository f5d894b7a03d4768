export * from './cluster.js';
export * from './eventually.js';
export * from './kubectl.js';
