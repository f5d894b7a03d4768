export * from './clock.js';
export * from './context.js';
export * from './fake-clock.js';
export * from './soon.js';
