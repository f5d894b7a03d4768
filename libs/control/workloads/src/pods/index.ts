export * from './ownership.js';
export * from './pod-ranking.js';
export * from './pod-state.js';
export * from './pod-template.js';
