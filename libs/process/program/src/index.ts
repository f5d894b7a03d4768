export * from './start-program.js';
