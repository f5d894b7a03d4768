export * from './process-runtime.js';
