export * from './claim-uses.js';
export * from './find-volume.js';
export * from './volume-facts.js';
export * from './volume-index.js';
