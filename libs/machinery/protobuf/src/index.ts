export * from './wire.js';
export * from './wire-reader.js';
export * from './wire-writer.js';
