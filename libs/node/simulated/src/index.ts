export * from './simulated-node.js';
