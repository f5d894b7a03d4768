export * from './accessibility.js';
export * from './layout.js';
