export * from './log-entries.js';
export * from './log-file.js';
export * from './log-format.js';
export * from './log-reader.js';
export * from './log-writer.js';
export * from './types.js';
export type * from './device-driver.js';
