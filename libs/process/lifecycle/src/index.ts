export * from './confinement.js';
export * from './health-server.js';
export * from './run-program.js';
export * from './system-clock.js';
export * from './exact-listeners.js';
