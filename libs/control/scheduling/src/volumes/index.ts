export * from './find-volume.js';
export * from './volume-facts.js';
