export * from './user-info.js';
