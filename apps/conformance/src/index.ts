export * from './cluster.js';
export * from './eventually.js';
export * from './kubectl.js';
export * from './processes.js';
export * from './sign-in.js';
