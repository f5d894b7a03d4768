export * from './flow-schemas.js';
export * from './priority-levels.js';
