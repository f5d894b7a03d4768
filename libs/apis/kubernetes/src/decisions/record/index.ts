export * from './record.js';
export { readRecord, RecordError } from './read-record.js';
