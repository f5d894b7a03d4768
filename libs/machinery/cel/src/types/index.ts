export * from './cel-type.js';
export * from './escaping.js';
