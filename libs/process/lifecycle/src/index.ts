export * from './health-server.js';
export * from './run-program.js';
export * from './system-clock.js';
