export * from './memory-api.js';
export * from './protocol-server.js';
