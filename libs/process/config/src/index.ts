export * from './controller-selection.js';
export * from './options.js';
