export * from './live.module.js';
export * from './live-connection.js';
export * from './live-session.js';
export * from './protocol.js';
export { RawJson, rawParser } from './raw-json.js';
