export * from './clock.js';
export * from './context.js';
export * from './ending.js';
export * from './fake-clock.js';
export * from './soon.js';
export * from './steps.js';
export * from './until-ended.js';
